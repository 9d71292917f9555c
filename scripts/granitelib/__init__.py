# SPDX-License-Identifier: MIT
"""The parts of scripts/granite. Standard library only."""
