# SPDX-License-Identifier: MIT
"""Reads the serial line and tells how the machine and its guests fare."""
import re

from .errors import Exit

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SHUT_DOWN = re.compile(r"^\(GR\) d\d+ (.+) shut down: (\w+)")
AUDIT = re.compile(r"^(?:\(GR\) )?audit: (?!ok\b)")
LONGEST_LINE = 4096


class Verdict:
    def __init__(self, guests=(), until_text=None):
        self.running = {guest.name: guest for guest in guests}
        self.until_text = until_text
        self.text_seen = self.ready = self.crashed = self.panicked = self.audit_failed = False
        self._line = ""

    def feed(self, data):
        for piece in re.split(r"(\n)", data.decode("utf-8", "replace")):
            if piece == "\n":
                self._complete(ESCAPE.sub("", self._line).strip("\r"))
                self._line = ""
                continue
            self._line = (self._line + piece)[-LONGEST_LINE:]
            # A prompt is no whole line and still may be waited for.
            if self.until_text and self.until_text in ESCAPE.sub("", self._line):
                self.text_seen = True

    def _complete(self, line):
        if line.startswith("(GR) ready"):
            self.ready = True
        elif line.startswith("(GR) PANIC"):
            self.panicked = True
        elif AUDIT.match(line):
            self.audit_failed = True
        elif match := SHUT_DOWN.match(line):
            self._ended(*match.groups())

    def heard(self, aside):
        """What the monitor said to a program: a tag and a line."""
        self.audit_failed |= bool(AUDIT.match(aside.partition(" ")[2]))

    def _ended(self, name, reason):
        self.crashed |= reason == "crash"
        guest = self.running.get(name)
        if guest and guest.ends_for_good(reason):
            del self.running[name]

    def faults(self):
        """The worst of what went wrong, or OK."""
        if self.audit_failed:
            return Exit.AUDIT
        if self.panicked:
            return Exit.PANIC
        return Exit.GUEST_CRASHED if self.crashed else Exit.OK
