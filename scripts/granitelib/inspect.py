# SPDX-License-Identifier: MIT
"""`granite inspect CMD`: one question to the monitor of a running machine; or what it traced, as a file."""
import json
import sys

from . import chrome_trace, profile
from .monitor import Monitor, NoAnswer, refused

REFUSED, NO_MACHINE = 1, 2


def is_frame(line):
    """Whether a JSON line only marks where the answer begins or ends."""
    try:
        return json.loads(line).get("t") in ("begin", "end")
    except (ValueError, AttributeError):
        return False


def answer(monitor, options):
    words = " ".join(options.command).split()
    if not options.json and words and profile.asked_for(words):
        return profile.lines(monitor, options.socket, words)
    return monitor.ask(" ".join([*words, "-j"] if options.json else words))


def write_trace(monitor, path):
    try:
        count = chrome_trace.write(monitor, path)
    except (chrome_trace.Nothing, OSError) as error:
        print(f"granite: {error}", file=sys.stderr)
        return REFUSED
    print(f"{count} events in {path}: open it at https://ui.perfetto.dev or chrome://tracing")
    return 0


def act(options):
    try:
        with Monitor(options.socket) as monitor:
            if options.chrome:
                return write_trace(monitor, options.chrome)
            lines = answer(monitor, options)
    except NoAnswer as error:
        print(f"granite: {error}", file=sys.stderr)
        return NO_MACHINE
    for line in lines:
        if not (options.json and is_frame(line)):
            print(line)
    return REFUSED if refused(lines) else 0
