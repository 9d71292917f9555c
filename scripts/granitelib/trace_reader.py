# SPDX-License-Identifier: MIT
"""Events of a running machine's trace: those that are kept, or all while it goes on.

Each CPU keeps its last events and overwrites the oldest. Who reads while they
come loses some when more come than the serial line carries, and counts them.
"""
import json

from .monitor import refused


class Nothing(Exception):
    """There is no trace; says why."""


def ask(monitor, command, key):
    lines = monitor.ask(f"{command} -j")
    if refused(lines):
        raise Nothing(json.loads(next(line for line in lines if "error" in line))["error"])
    return [row for line in lines if key in (row := json.loads(line))]


def system_time(monitor):
    return ask(monitor, "time", "system_ns")[0]["system_ns"]


class Reader:
    """Every CPU's events, each read once."""

    def __init__(self, monitor):
        self._monitor = monitor
        cpus = ask(monitor, "version", "cpus")[0]["cpus"]
        self._next = [None] * cpus      # the number that comes next, once one was read
        self.events, self.lost = [], 0

    def read_some(self, cpu):
        """One answer's worth of them; the newest, or None when there are none."""
        expected = self._next[cpu]
        found = ask(self._monitor, f"trace cpu {cpu} {expected or 0}", "event")
        if not found:
            return None
        if expected is not None:
            self.lost += found[0]["number"] - expected
        self._next[cpu] = found[-1]["number"] + 1
        self.events += found
        return found[-1]

    def read_until(self, until_ns):
        """All that there is, on every CPU, up to that time."""
        for cpu in range(len(self._next)):
            while (last := self.read_some(cpu)) and last["ns"] <= until_ns:
                pass

    def follow(self, until_ns):
        """Goes on reading, CPU by CPU, until it is that late."""
        while system_time(self._monitor) < until_ns:
            for cpu in range(len(self._next)):
                self.read_some(cpu)

    def in_order(self, until_ns):
        """By time; of one CPU they stay in its order."""
        return sorted((row for row in self.events if row["ns"] <= until_ns), key=lambda row: row["ns"])


def kept(monitor):
    """What the machine still has: (events in order, none lost since reading began)."""
    reader, until_ns = Reader(monitor), system_time(monitor)
    reader.read_until(until_ns)
    return reader.in_order(until_ns), reader.lost


def recorded(monitor, seconds):
    """Traces for so long, in the machine's own time: (events in order, lost)."""
    ask(monitor, "trace on", "note")
    try:
        reader = Reader(monitor)
        reader.follow(system_time(monitor) + round(seconds * 1e9))
    finally:
        ask(monitor, "trace off", "note")
    until_ns = system_time(monitor)
    reader.read_until(until_ns)
    return reader.in_order(until_ns), reader.lost
