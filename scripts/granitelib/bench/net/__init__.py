# SPDX-License-Identifier: MIT
"""What network traffic costs: one machine after the other does the same work
with the same generator, and every instruction is charged to who executed it."""
from ...errors import UsageError
from ...linux.packages import Unavailable
from . import matrix, report, systems
from .traffic import run


def suite(with_peers):
    chosen = systems.own() + (systems.peers() if with_peers else [])
    try:
        rows = [report.row(system, record) for system in chosen for record in run(system)]
    except Unavailable as error:
        raise UsageError(str(error)) from error
    report.write(rows)
    return report.results(rows)
