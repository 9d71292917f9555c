# SPDX-License-Identifier: MIT
"""The network domain is killed, again and again and each time elsewhere, under TCP connections."""
from flows import Flows

AFTER_US = 100_000      # of life before a kill, at least; twice that at most


class Campaign(Flows):
    """Under --icount: the machine's time is instructions, of which this machine's haste changes nothing."""

    def __init__(self, machine, networker, port, flows):
        super().__init__(machine, networker, port, flows, "--icount")

    def kill(self, times):
        """For how many microseconds of the machine's nobody served the interfaces, each time."""
        self.session.ask(f"kill network {AFTER_US} {times}")
        return [int(self.session.expect_match(r"\(d0\) network: its interfaces were not served for (\d+) us"))
                for _ in range(times)]
