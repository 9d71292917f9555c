# SPDX-License-Identifier: MIT
"""The monitor's side of the serial line: ask it something, get the answer.

The line is shared. A question goes past whoever has the input, behind a byte
that no text contains; each line of the answer begins with that byte and with
the tag that the question carried. See kernel/monitor/programs.hpp.
"""
import re
import secrets
import time

from .line import open_line

MARK = b"\xfe"
RECORD = "\x1e"
REFUSED = re.compile(r'^(?:error: |\{"error":)')


class NoAnswer(Exception):
    """There is no machine, or nobody listens in it."""


class Monitor:
    """Waits for each line of an answer for `timeout` seconds: a long one takes its time, the more on a slow machine."""

    def __init__(self, path, timeout=30.0):
        self._timeout = timeout
        self._heard = b""
        try:
            self._line = open_line(path, timeout)
        except OSError as error:
            raise NoAnswer(f"no machine answers at {path}: {error.strerror}") from error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._line.close()

    def _next_aside(self, deadline):
        """The next line that is meant for programs, without its mark."""
        while True:
            line, newline, rest = self._heard.partition(b"\n")
            if newline:
                self._heard = rest
                _, mark, aside = line.rpartition(MARK)
                if mark:
                    return aside.rstrip(b"\r").decode("utf-8", "replace")
            else:
                self._hear(deadline)

    def _hear(self, deadline):
        data = self._line.receive() if time.monotonic() < deadline else b""
        if not data:
            raise NoAnswer("the machine does not answer")
        self._heard += data

    def ask(self, command):
        """The lines of the answer."""
        tag = secrets.token_hex(3)
        try:
            self._line.send(MARK + f"{tag} {command}\r".encode())
        except OSError as error:
            raise NoAnswer(f"the machine's line is gone: {error.strerror}") from error
        deadline = time.monotonic() + self._timeout
        lines = []
        while (line := self._next_aside(deadline)) != tag:
            its, _, text = line.partition(" ")
            if its == tag:
                lines.append(text.removeprefix(RECORD))
                deadline = time.monotonic() + self._timeout
        return lines


class Caller:
    """A Monitor for who is silent in between for long: has a line only while it asks, for
    whoever shares the line drops those who do not read it."""

    def __init__(self, path, timeout=30.0):
        self._path, self._timeout = path, timeout

    def ask(self, command):
        with Monitor(self._path, self._timeout) as monitor:
            return monitor.ask(command)


def refused(lines):
    return any(REFUSED.match(line) for line in lines)
