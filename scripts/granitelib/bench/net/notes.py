# SPDX-License-Identifier: MIT
"""What the generator notes (scripts/plugin/traffic/main.cpp), read while it writes."""
from .record import Charge, Record, name_of


class Notes:
    def __init__(self, file, tell=lambda record: None):
        self.records = []
        self.text = ""          # whole lines
        self.complete = False
        self.failure = ""       # of which work, and why; nothing comes after it that counts
        self._file = file       # opened to be read
        self._tell = tell
        self._rest = ""
        self._blocks = {}

    def take_in(self):
        """What was added; whether more is of no use."""
        whole, newline, self._rest = (self._rest + self._file.read()).rpartition("\n")
        self.text += whole + newline
        for line in whole.splitlines():
            self._take(*line.split())
        return self.complete or bool(self.failure)

    def _take(self, word, *rest):
        if word == "work":
            self.records.append(Record(name_of(rest[0]), *map(int, rest[1:])))
            self._tell(self.records[-1])
        elif word == "system":
            self._blocks = self.records[-1].begin_system(int(rest[0]))
        elif word == "block":
            self._blocks[int(rest[0], 16)] = Charge(int(rest[1]), int(rest[2]))
        elif word == "failed":
            self.failure = f"{name_of(rest[0])}: {' '.join(rest[1:])}"
        self.complete = word == "done" and not self.failure
