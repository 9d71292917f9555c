# SPDX-License-Identifier: MIT
"""Modes of a vif change under traffic a thousand times."""
from test_modes import card, generator, qemu_log, session, test_no_frame_is_lost_while_modes_change  # noqa: F401
