# SPDX-License-Identifier: MIT
"""Reading a trace while it is overwritten."""
import json

import pytest

from granitelib import trace_reader


def event(number, cpu, ns=None):
    return {"ns": number * 10 if ns is None else ns, "cpu": cpu, "number": number, "who": "d1v0", "event": "fault"}


class Machine:
    """A monitor that answers as one with these events does, two a time; each question takes it a while, and it keeps
    `room` of the events that have happened by then."""

    def __init__(self, *by_cpu, room=1000, step=0):
        self.by_cpu, self.room, self.step = by_cpu, room, step
        self.now, self.tracing = 1000 if step == 0 else 0, []

    def events(self, cpu, first):
        happened = [row for row in self.by_cpu[cpu] if row["ns"] <= self.now]
        return [row for row in happened[-self.room:] if row["number"] >= first][:2]

    def ask(self, command):
        words = command.split()
        self.now += self.step
        if words[:2] == ["trace", "cpu"]:
            rows = self.events(int(words[2]), int(words[3]))
        elif words[0] == "trace":
            self.tracing.append(words[1])
            self.step = 0 if words[1] == "off" else self.step
            rows = [{"note": "tracing is on"}]
        else:
            rows = {"time": [{"system_ns": self.now}], "version": [{"cpus": len(self.by_cpu)}]}[words[0]]
        return ['{"t":"begin"}', *map(json.dumps, rows), '{"t":"end"}']


def test_events_of_all_cpus_are_read_to_the_end_and_put_in_order():
    ours = [event(number, 0, ns) for number, ns in enumerate((10, 30, 50, 70))]
    theirs = [event(number, 1, ns) for number, ns in enumerate((20, 40, 1500))]
    events, lost = trace_reader.kept(Machine(ours, theirs))
    assert [row["ns"] for row in events] == [10, 20, 30, 40, 50, 70]
    assert lost == 0


def test_what_was_overwritten_before_it_was_read_is_counted():
    machine = Machine([event(n, 0) for n in range(100)], room=5, step=50)
    events, lost = trace_reader.recorded(machine, 600e-9)
    assert machine.tracing == ["on", "off"]
    assert lost > 0
    numbers = [row["number"] for row in events]
    assert numbers == sorted(set(numbers)) and numbers[-1] - numbers[0] + 1 == len(events) + lost


def test_no_events_are_no_trace():
    assert trace_reader.kept(Machine([])) == ([], 0)


def test_what_the_monitor_refuses_is_said():
    class Refusing:
        def ask(self, _):
            return ['{"error":"no memory for events"}']
    with pytest.raises(trace_reader.Nothing, match="no memory for events"):
        trace_reader.recorded(Refusing(), 1)
