# SPDX-License-Identifier: MIT
"""What network traffic costs: one machine after the other does the same work
with the same generator, and every instruction is charged to who executed it."""
import sys

from ...errors import UsageError
from ...linux.packages import Unavailable
from . import publish, report, systems, tables
from .selection import chosen
from .traffic import run


def say(text):
    print(text, file=sys.stderr, flush=True)


def measured(system, again):
    """Rows of one machine, in the mode that it has really been in."""
    notes, interface = run(system, lambda record: say(
        f"{system.name}/{record.name}: {record.per_packet(record.instructions):,.0f} instructions"), again)
    mode = interface.mode if interface else system.mode
    if mode != system.mode:
        say(f"{system.name}: was served as {mode}")
    return [report.row(system, record, mode, interface.dropped if interface else None) for record in notes.records]


def suite(with_peers, patterns=(), again=False):
    try:
        wanted = chosen(systems.own() + (systems.peers() if with_peers else []), patterns)
        rows = report.distinct([row for system in wanted for row in measured(system, again)])
    except Unavailable as error:
        raise UsageError(str(error)) from error
    report.write(rows)
    return report.results(rows)
