# SPDX-License-Identifier: MIT
"""`granite inspect` without a command: a prompt with completion and history, or a script on standard input."""
import json
import readline
import sys

PROMPT = "gr> "


def column(monitor, command, key):
    return [row[key] for line in monitor.ask(f"{command} -j") if key in (row := json.loads(line))]


class Completer:
    """Commands first, then the domains that are there now."""

    def __init__(self, monitor):
        self._monitor = monitor
        self._commands = column(monitor, "help", "command")
        self._found = []

    def __call__(self, text, number):
        if number == 0:
            first = not readline.get_line_buffer()[:readline.get_begidx()].strip()
            words = self._commands if first else self._domains()
            self._found = [f"{word} " for word in words if word.startswith(text)]
        return self._found[number] if number < len(self._found) else None

    def _domains(self):
        return [str(word) for key in ("id", "name") for word in column(self._monitor, "domains", key)]


def lines():
    """What is typed, or stands in a script, line by line."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    while True:
        try:
            yield input(PROMPT)
        except EOFError:
            print()
            return


def run(asker):
    if sys.stdin.isatty():
        readline.set_completer(Completer(asker.monitor))
        readline.set_completer_delims(" ")
        readline.parse_and_bind("tab: complete")
    for line in lines():
        if line.strip():
            asker.ask(line)
            sys.stdout.flush()
