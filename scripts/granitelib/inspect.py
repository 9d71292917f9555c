# SPDX-License-Identifier: MIT
"""`granite inspect CMD`: one question to the monitor of a running machine."""
import json
import sys

from . import profile
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


def act(options):
    try:
        with Monitor(options.socket) as monitor:
            lines = answer(monitor, options)
    except NoAnswer as error:
        print(f"granite: {error}", file=sys.stderr)
        return NO_MACHINE
    for line in lines:
        if not (options.json and is_frame(line)):
            print(line)
    return REFUSED if refused(lines) else 0
