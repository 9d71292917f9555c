# SPDX-License-Identifier: MIT
"""Modes of a vif change under traffic a thousand times."""
from test_modes import (generator, qemu_log, session, test_every_frame_is_delivered_or_counted_as_lost,  # noqa: F401
                        test_every_frame_that_a_guest_sends_gets_to_the_wire_or_is_counted_as_lost, uncounted)
