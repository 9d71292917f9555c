# SPDX-License-Identifier: MIT
"""`granite inspect --chrome FILE`: what was traced, for Perfetto or Chrome's viewer.

The file is in the Trace Event Format. It shows each CPU with the vcpus that ran
there, and each domain with its vcpus: hypercalls as spans, all else as instants.
"""
import json

from . import trace_reader
from .trace_reader import Nothing

MACHINE = 100000    # the "process" whose threads are the CPUs; domains have their numbers
NOBODY = "-"


def vcpu(who):
    """(domain, vcpu) of "d1v0"."""
    domain, number = who.removeprefix("d").split("v")
    return int(domain), int(number)


def name(kind, identity, text):
    return {"ph": "M", "name": kind, "args": {"name": text}} | identity


class Writer:
    """Turns events into records of the viewer."""

    def __init__(self, names):
        self._names = names
        self._records, self._known = [], set()
        self._first_of_cpu = {}     # the events of it begin here
        self._running = {}      # by CPU: the event that began it
        self._called = {}       # by vcpu: its open hypercalls, for a multicall holds others

    def _know(self, pid, tid, process, thread):
        for identity, kind, text in (({"pid": pid}, "process_name", process),
                                     ({"pid": pid, "tid": tid}, "thread_name", thread)):
            if (pid, tid, kind) not in self._known:
                self._known.add((pid, tid, kind))
                self._records.append(name(kind, identity, text))

    def _place(self, row):
        if row["who"] == NOBODY:
            return self._cpu(row)
        domain, number = vcpu(row["who"])
        self._know(domain, number, self._names.get(domain, f"d{domain}"), f"{row['who']}")
        return {"pid": domain, "tid": number}

    def _cpu(self, row):
        self._know(MACHINE, row["cpu"], "machine", f"cpu {row['cpu']}")
        return {"pid": MACHINE, "tid": row["cpu"]}

    def _span(self, first, last, place, text):
        self._records.append({"ph": "X", "name": text, "ts": first["ns"] / 1000,
                              "dur": (last["ns"] - first["ns"]) / 1000, **place,
                              "args": {"cpu": first["cpu"], "what": last["what"] or first["what"]}})

    def _instant(self, row):
        self._records.append({"ph": "i", "s": "t", "name": row["event"], "ts": row["ns"] / 1000, **self._place(row),
                              "args": {key: row[key] for key in ("cpu", "a", "b", "what")}})

    def _end_call(self, row):
        opened = self._called.get(row["who"], [])
        if all(first["a"] != row["a"] for first in opened):
            self._instant(row)      # it began before the trace
            return
        while (first := opened.pop())["a"] != row["a"]:
            self._instant(first)    # it did not come back
        self._span(first, row, self._place(row), first["what"] or f"hypercall {int(first['a'], 16)}")

    def add(self, row):
        event = row["event"]
        self._first_of_cpu.setdefault(row["cpu"], row)
        if event == "run":
            self._running[row["cpu"]] = row
        elif event == "stop":
            first = self._running.pop(row["cpu"], None) or self._first_of_cpu[row["cpu"]]   # it ran already
            self._span(first, row, self._cpu(row), row["who"])
        elif event == "call":
            self._called.setdefault(row["who"], []).append(row)
        elif event == "done":
            self._end_call(row)
        else:
            self._instant(row)

    def finish(self, last):
        """What has not ended yet ends with the trace."""
        for first in self._running.values():
            self._span(first, last, self._cpu(first), first["who"])
        for first in (call for opened in self._called.values() for call in opened):
            self._instant(first)
        return {"displayTimeUnit": "ns", "traceEvents": self._records}


def converted(events, names, lost=0):
    writer = Writer(names)
    for row in events:
        writer.add(row)
    return writer.finish(events[-1]) | {"otherData": {"events": len(events), "lost": lost}}


def write(monitor, path, seconds=None):
    """Writes what was kept, or what happens in so many seconds; how many events, and how many were lost."""
    events, lost = trace_reader.recorded(monitor, seconds) if seconds else trace_reader.kept(monitor)
    if not events:
        raise Nothing("there are no events: 'trace on' begins")
    names = {row["id"]: row["name"] for row in trace_reader.ask(monitor, "domains", "id")}
    path.write_text(json.dumps(converted(events, names, lost)))
    return len(events), lost
