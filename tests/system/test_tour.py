# SPDX-License-Identifier: MIT
"""The tour of the monitor is true: its commands, in its order, on a live machine.

`pytest tests/system/test_tour.py --update` writes the tour's transcript anew.
"""
import json
import pathlib
import re

from transcript import ELLIPSIS, commands, rewritten
from visits import visit, visitors

TOUR = pathlib.Path(__file__).resolve().parent.parent.parent / "kernel" / "monitor" / "TOUR.md"
STATIONS = re.compile(r"\b(?:STATION|driver|bridge|netback|netfront) ")
MOST = 6    # lines of an answer that the tour shows


class Tour:
    """A person who follows it, and fills in the numbers that the machine says."""

    def __init__(self, session, port):
        self._session, self._port = session, port
        self._guest = self._frame = None
        self.said = []

    def _wait_for_web(self):
        self._session.expect("web: listening")
        self._guest = self._session.domains()["web"]
        visit(self._port)
        self._wait_until_all_is_declared()

    def _wait_until_all_is_declared(self):
        """The guest lends its buffers for good, some at a time: as many as before, and there are no more."""
        def declared():
            return int(re.search(r"(\d+) pages declared", self._session.shell("xl network-list -v web"))[1])
        while not (before := declared()) or declared() != before:
            pass

    def _walk(self, words):
        with visitors(self._port):
            answer = self._session.ask(words)
        return [line for line in answer if STATIONS.search(line) or " ticks, " in line or "card wrote" in line]

    def _filled_in(self, text):
        text = re.sub(r"^(grants) \d+$", rf"\1 {self._guest}", text)
        return re.sub(r"^(frames) 0x[0-9a-f]+$", rf"\1 {self._frame}", text)

    def follow(self, command):
        """One step: (what was asked, what was said)."""
        asked = self._filled_in(command.text)
        if command.prompt == "granite> ":
            answer = self._session.shell_lines(asked)
        elif asked.startswith("walk"):
            answer = self._walk(asked)
        else:
            answer = self._session.ask(asked)
        self._look_after(asked, answer)
        self.said.append((asked, answer))
        return answer

    def _look_after(self, asked, answer):
        """What a person would wait for, or read in the answer."""
        if asked == "xl create web.cfg":
            self._wait_for_web()
        elif asked.startswith("xl destroy"):
            self._session.has_gone("web")
        elif asked.startswith("xl network-mode"):
            self._session.shell_until("xl network-list -v web", lambda said: "by the card" in said)
        elif asked.startswith("grants"):
            rows = [json.loads(line) for line in self._session.ask(f"{asked} -j")]
            self._frame = next(row["mfn"] for row in rows if row.get("host_w") and row.get("dev_w"))


def shown(answer):
    return answer if len(answer) <= MOST else [*answer[:MOST], ELLIPSIS]


def test_the_tour_shows_what_a_machine_says(machine, app, port, request):
    text = TOUR.read_text()
    session = machine("--nic", "igb", "--forward", f"{port}:web:80", app("web")).wait_ready("web: listening")
    tour = Tour(session, port)
    steps = commands(text)
    assert len(steps) >= 10
    missing = [(step.text, line, answer) for step in steps
               if (line := step.differs(answer := tour.follow(step))) is not None]
    if request.config.getoption("--update"):
        TOUR.write_text(rewritten(text, [(asked, shown(answer)) for asked, answer in tour.said]))
    else:
        assert not missing, "the tour shows what did not come; --update writes it anew"
