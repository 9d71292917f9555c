# SPDX-License-Identifier: MIT
"""Runs one kit test guest as the first domain of a hypervisor.

The verdict is the last line of the guest's output; see tests/guest/verdict.hpp.
"""
import dataclasses
import re

from granitelib import first_domain

VERDICT = re.compile(r"^(?:\(d0\) )?(SUCCESS|FAILURE|SKIP|ERROR)(?: ([^\n]*))?\n", re.MULTILINE)


@dataclasses.dataclass
class Outcome:
    word: str       # of the verdict, or DIED
    reason: str
    output: str


def outcome_of(output):
    if found := first_domain.PANIC.search(output):
        return Outcome("DIED", found[1], output)
    if found := VERDICT.findall(output):
        return Outcome(*found[-1], output)
    return None


def boot(plan, hardware):
    """Boots until there is a verdict or a panic."""
    return outcome_of(first_domain.boot(plan, hardware, outcome_of))
