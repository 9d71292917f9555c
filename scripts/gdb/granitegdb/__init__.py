# SPDX-License-Identifier: MIT
"""The hypervisor's structures as a debugger sees them."""
