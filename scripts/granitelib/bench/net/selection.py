# SPDX-License-Identifier: MIT
"""Which machines and works of the suite are wanted: those that a pattern fits, of
GUEST/MODE/WORK or GUEST/PEER/WORK, such as `kit/*/echo`."""
import dataclasses
import fnmatch

from ...errors import UsageError
from .record import name_of


def fits(system, work, patterns):
    name = f"{system.name}/{name_of(work)}"
    return not patterns or any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def chosen(systems, patterns):
    """These systems with the works that are wanted."""
    for pattern in patterns:
        if not any(fits(system, work, [pattern]) for system in systems for work in system.works):
            raise UsageError(f"--only {pattern}: fits none of the suite's GUEST/MODE/WORK, such as kit/copy/rx_1500")
    reduced = [dataclasses.replace(system, works=[work for work in system.works if fits(system, work, patterns)])
               for system in systems]
    return [system for system in reduced if system.works]
