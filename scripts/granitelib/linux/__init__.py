# SPDX-License-Identifier: MIT
"""Debian's Linux as a guest: kernels as packaged, and root file systems made from packages."""
