# SPDX-License-Identifier: MIT
"""The person's side of a run: the terminal, raw, with a way out."""
import os
import sys
import termios
import tty

ESCAPE = b"\x14"    # Ctrl-t: Ctrl-a moves the machine's input, Ctrl-] leaves a guest's console
HELP = "Ctrl-t x leaves; Ctrl-a three times switches input between driver domain and monitor"


class Terminal:
    """Standard input as a source of bytes for the machine."""

    def __init__(self):
        self.descriptor = sys.stdin.fileno()
        self.wants_to_leave = False
        self._escaped = False
        self._saved = None

    def __enter__(self):
        if os.isatty(self.descriptor):
            self._saved = termios.tcgetattr(self.descriptor)
            tty.setraw(self.descriptor)
        return self

    def __exit__(self, *_):
        if self._saved:
            termios.tcsetattr(self.descriptor, termios.TCSADRAIN, self._saved)

    def read(self):
        """Bytes for the machine; None at the end of input."""
        data = os.read(self.descriptor, 1024)
        if not data:
            return None
        return b"".join(self._pass_on(bytes([b])) for b in data)

    def _pass_on(self, byte):
        if self._escaped:
            self._escaped = False
            self.wants_to_leave |= byte in b"xXqQ"
            return ESCAPE if byte == ESCAPE else b""
        self._escaped = byte == ESCAPE
        return b"" if self._escaped else byte
