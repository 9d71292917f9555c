# SPDX-License-Identifier: MIT
"""The monitor's side of the serial line: ask it something, get the answer.

The line is shared. Input goes to one listener at a time, so a question first
moves it to the monitor and afterwards back to whoever had it. An answer lies
between two control bytes. Lines of others may come between those of an answer;
the console then shows the interrupted line again from its beginning.
"""
import re
import socket
import time

SWITCH = b"\x01\x01\x01"
AT_MONITOR = "*** Serial input to the monitor"
ELSEWHERE = "*** Serial input to"
PROMPT = "gr> "
START, END = "\x02", "\x03"
RECORD = "\x1e"
OTHERS = re.compile(r"^(?:\((?:GR|d\d+)\) |\x1b\[K)")   # said by them, or drawn by a line editor
REFUSED = re.compile(r'^(?:error: |\{"error":)')


class NoAnswer(Exception):
    """There is no machine, or nobody listens in it."""


def own_lines(lines):
    """The answer without what others said meanwhile."""
    kept, cut = [], None
    for number, line in enumerate(lines):
        if OTHERS.match(line):
            continue
        interrupted = number + 1 < len(lines) and OTHERS.match(lines[number + 1])
        if cut is not None and line.startswith(cut):
            kept.pop()      # here it is again, with its rest
        kept.append(line)
        cut = line if interrupted else None
    return kept


class Monitor:
    def __init__(self, path, timeout=30.0):
        self._timeout = timeout
        self._text = ""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            raise NoAnswer(f"no machine answers at {path}: {error.strerror}") from error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def _wait_for(self, pattern):
        """Everything up to and including the match; it is taken off the stream."""
        deadline = time.monotonic() + self._timeout
        while not (match := re.search(pattern, self._text)):
            try:
                data = self._socket.recv(65536) if time.monotonic() < deadline else b""
            except OSError:
                data = b""
            if not data:
                raise NoAnswer(f"the machine does not answer (waiting for {pattern!r})")
            self._text += data.decode("utf-8", "replace").replace("\r", "")
        found, self._text = self._text[:match.end()], self._text[match.end():]
        return found

    def _switch(self):
        """Moves the input on; whether the monitor has it now."""
        self._socket.sendall(SWITCH)
        return AT_MONITOR in self._wait_for(re.escape(ELSEWHERE) + r"[^\n]*\n")

    def ask(self, command):
        """The lines of the answer."""
        was_elsewhere = self._switch()
        if not was_elsewhere and not self._switch():
            raise NoAnswer("the machine's input cannot be moved to the monitor")
        self._wait_for(re.escape(PROMPT))
        self._socket.sendall(command.encode() + b"\r")
        self._wait_for(START)
        answer = self._wait_for(END).replace(START, "").removesuffix(END)
        if was_elsewhere:
            self._switch()
        lines = own_lines(answer.split("\n")[:-1])
        return [line.removeprefix(RECORD) for line in lines]


def refused(lines):
    return any(REFUSED.match(line) for line in lines)
