# SPDX-License-Identifier: MIT
"""Asks the monitor for all browsers: one question at a time, none more often than the budget allows."""
import json
import threading
import time

from ..monitor import Caller, NoAnswer
from .budget import LEAST_S, Budget

YOUNGEST_S = 1.0
PROFILE = "prof 200"
COSTLY_S = {"frames": 10.0, "links": 5.0, PROFILE: 2.0}     # the hypervisor looks at much for these
MOST_KEPT = 256
PERSON_WAITS_S = 2.0    # at most, for what was not asked before
MACHINE_WAITS_S = 30.0
# What a page asks without end and may be given late; all else a person waits for.
WATCHED = {"domains", "vcpus", "cpus", "frames", "links", "queues", "version", PROFILE}


def parsed(lines):
    """An answer as the page wants it, and what it cost: (answer, at_ns, took_ns)."""
    answer, end = {"rows": [], "notes": [], "error": None, "lost": 0}, {}
    for line in lines:
        row = json.loads(line)
        if "error" in row:
            answer["error"] = row["error"]
        elif "note" in row:
            answer["notes"].append(row["note"])
        elif row.get("t") == "end":
            end = row
        elif row.get("t") != "begin":
            answer["rows"].append(row)
    answer["lost"] = end.get("lost", 0)
    answer["at"] = end.get("at", 0)
    return answer, end.get("at", 0), end.get("ns", 0)


class Kept:
    def __init__(self, answer, until):
        self.answer, self.until = answer, until


class Source:
    def __init__(self, socket, monitor=None, clock=time.monotonic, sleep=time.sleep):
        self.socket = socket
        self._monitor = monitor or Caller(socket, MACHINE_WAITS_S)
        self._clock, self._sleep = clock, sleep
        self._line = threading.Lock()       # guards all below: one question at a time
        self._met = False
        self._kept = {}
        self._budget = Budget()

    def get(self, command):
        """The answer to a command that only reads; it may be one that was given before."""
        with self._line:
            kept = self._kept.get(command)
            now = self._clock()
            if kept and (now < kept.until or (command in WATCHED and self._budget.wait_s(now))):
                return self._dated(kept)
            self._sleep(min(self._budget.wait_s(now), PERSON_WAITS_S))
            answer, pause = self._ask(command)
            kept = Kept(answer, self._clock() + max(pause, COSTLY_S.get(command, YOUNGEST_S)))
            self._keep(command, kept)
            return self._dated(kept)

    def act(self, command):
        """The answer to a command that changes something: asked now, and not kept."""
        with self._line:
            self._kept.clear()
            return self._ask(command, waits=True)[0]

    def _dated(self, kept):
        """With the seconds until asking again brings something new."""
        return kept.answer | {"next_s": max(0.1, kept.until - self._clock(), self._budget.wait_s(self._clock()))}

    def _keep(self, command, kept):
        self._kept[command] = kept
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    def _ask(self, command, waits=False):
        try:
            if not self._met:
                self._meet()
            return self._paid(self._monitor.ask(f"{command} -j"), waits)
        except NoAnswer:
            self._met = False       # who answers next may be another machine
            self._kept.clear()
            raise

    def _paid(self, lines, waits=False):
        """The answer, and how long it is until it is paid for. What `waits` took no work: `walk`, until a packet came."""
        answer, at, took = parsed(lines)
        return answer, self._budget.spend(self._clock(), at, 0 if waits else took, sum(map(len, lines)))

    def _meet(self):
        """Learns how fast the machine's clock is before it is asked much."""
        self._paid(self._monitor.ask("time -j"))
        self._sleep(LEAST_S)
        self._paid(self._monitor.ask("time -j"))
        self._met = True
