# SPDX-License-Identifier: MIT
"""`granite inspect`: questions to the monitor of a running machine, one or many; what it traced, as a file; its page."""
import json
import sys

from . import chrome_trace, inspect_prompt, profile, walk_picture
from .monitor import Caller, Monitor, NoAnswer, refused
from .web import server

REFUSED, NO_MACHINE = 1, 2


def is_frame(line):
    """Whether a JSON line only marks where the answer begins or ends."""
    try:
        return json.loads(line).get("t") in ("begin", "end")
    except (ValueError, AttributeError):
        return False


class Asker:
    """Asks, prints the answer alone, and knows whether all went well."""

    def __init__(self, monitor, options):
        self.monitor, self._options = monitor, options
        self.status = 0

    def ask(self, text):
        words = text.split()
        lines = self._answer(words)
        for line in lines:
            if not (self._options.json and is_frame(line)):
                print(line)
        if refused(lines):
            self.status = REFUSED

    def _answer(self, words):
        if not self._options.json and words and profile.asked_for(words):
            return profile.lines(self.monitor, self._options.socket, words)
        options = ["-j"] * self._options.json + ["-v"] * self._options.verbose
        return self.monitor.ask(" ".join([*words, *options]))


def write_trace(monitor, options):
    count, lost = chrome_trace.write(monitor, options.chrome, options.seconds)
    but = f", {lost} were lost" if lost else ""
    print(f"{count} events in {options.chrome}{but}: open it at https://ui.perfetto.dev or chrome://tracing")


def draw_walk(monitor, options):
    rows = walk_picture.write(monitor, options.command, options.svg)
    print(f"{len(rows)} steps in {options.svg}")


def write_file(write, monitor, options):
    try:
        write(monitor, options)
    except (chrome_trace.Nothing, walk_picture.Nothing, OSError) as error:
        print(f"granite: {error}", file=sys.stderr)
        return REFUSED
    return 0


def act(options):
    if options.web is not None:
        return server.serve(options.socket, options.web)
    try:
        if options.chrome or options.svg:
            with Monitor(options.socket) as monitor:
                return write_file(write_trace if options.chrome else draw_walk, monitor, options)
        asker = Asker(Caller(options.socket), options)
        if options.command:
            asker.ask(" ".join(options.command))
        else:
            inspect_prompt.run(asker)
        return asker.status
    except NoAnswer as error:
        print(f"granite: {error}", file=sys.stderr)
        return NO_MACHINE
