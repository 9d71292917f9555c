# SPDX-License-Identifier: MIT
"""How a run can end, as numbers that scripts may rely on."""
import enum


class Exit(enum.IntEnum):
    OK = 0
    USAGE = 2
    GUEST_CRASHED = 3
    PANIC = 4
    AUDIT = 5
    TIMEOUT = 124
    INTERRUPTED = 130
    TERMINATED = 143


class UsageError(Exception):
    """Something is wrong with what was asked for; nothing has been started."""
