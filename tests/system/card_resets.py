# SPDX-License-Identifier: MIT
"""How often the machine's card was reset, by a test or for a reason of its own."""
import re


def resets(session, more_than=-1):
    """The count, once it is more than that: what was asked for is done within a second of the machine's."""
    def count(answer):
        return int(re.search(r"resets: (\d+)", answer)[1])
    return count(session.shell_until("xl nic-list -v", lambda answer: count(answer) > more_than))
