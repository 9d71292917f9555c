# SPDX-License-Identifier: MIT
"""Takes what the monitor says to programs out of what a person is shown."""
from .monitor import MARK


class Asides:
    """Passes on the bytes that are no aside; whole asides, with their tags, go to `heard`."""

    def __init__(self, shown, heard=lambda line: None):
        self._shown, self._heard = shown, heard
        self._aside = None      # the bytes of one that is not complete

    def feed(self, data):
        shown = b""
        while data:
            if self._aside is None:
                text, mark, data = data.partition(MARK)
                shown += text
                self._aside = b"" if mark else None
            else:
                part, newline, data = data.partition(b"\n")
                self._aside += part
                if newline:
                    self._heard(self._aside.decode("utf-8", "replace").rstrip("\r"))
                    self._aside = None
        if shown:
            self._shown(shown)
