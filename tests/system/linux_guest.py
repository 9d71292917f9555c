# SPDX-License-Identifier: MIT
"""A Linux guest of a running machine, as its console and the toolstack show it.

The guest says how it fares in lines that begin with "guest:"; see guest-pv/linux.
"""
import re

import pytest

from granitelib.linux import guest, images
from granitelib.linux.kernel import kernel
from granitelib.linux.packages import Unavailable
from machine_session import GENEROUS_S

# What Linux prints when it is not well.
COMPLAINT = re.compile(r"BUG:|WARNING:|Oops|Call Trace|general protection|soft lockup|hard LOCKUP|"
                       r"rcu.*(?:stall|starved)|blocked for more than|Kernel panic|segfault|"
                       r"Bad page|page allocation failure|clocksource.*unstable|NETDEV WATCHDOG|hung_task")


def write_cfg(folder, name, series, make_image=images.small, **settings):
    """A guest's cfg; the test is skipped where the distribution has no such kernel."""
    try:
        its_kernel = kernel(series)
    except Unavailable as reason:
        pytest.skip(str(reason))
    return guest.write(folder, name, its_kernel, make_image(series), **settings)


def complaints(output):
    return [line for line in output.splitlines() if COMPLAINT.search(line)]


class LinuxGuest:
    def __init__(self, session, name):
        self.session, self.name = session, name

    def create(self):
        self.session.send_shell(f"xl create {self.name}.cfg")
        return self

    def says(self, pattern, timeout=GENEROUS_S):
        """Waits for a line of a Linux guest; what the pattern's first group stood for."""
        return self.session.expect_match(rf"\(d\d+\) {pattern}\r*\n", timeout)

    def is_up(self):
        self.says("guest: (ready)")
        return self

    def shut_down(self):
        """By the toolstack; waits until nothing is left of it."""
        self.session.send_shell(f"xl shutdown {self.name}")
        self.session.has_ended(self.name)
