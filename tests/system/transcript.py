# SPDX-License-Identifier: MIT
"""A document with commands and what they answered, held against a live machine.

Indented lines are the transcript: one that begins with a prompt is a command,
those below it its answer. Numbers are not compared, and "…" stands for any
lines. What is shown of an answer has to come in it, in any order, for some
rows stand in that of addresses.
"""
import re

PROMPTS = ("gr> ", "granite> ")
INDENT = "    "
ELLIPSIS = "…"


def masked(line):
    """The line without what differs from run to run."""
    return re.sub(r"\s+", " ", re.sub(r"0x[0-9a-f]+|\d+", "N", line)).strip()


class Command:
    def __init__(self, prompt, text, first):
        self.prompt, self.text = prompt, text
        self.first, self.shown = first, []      # line number of the command, and what follows it

    def differs(self, answer):
        """The first shown line that does not come in the answer; None when all do."""
        left = [masked(line) for line in answer]
        for line in self.shown:
            if line == ELLIPSIS:
                continue
            if masked(line) not in left:
                return line
            left.remove(masked(line))
        return None


def commands(text):
    """All commands of a document."""
    found = []
    for number, line in enumerate(text.split("\n")):
        inside = line.removeprefix(INDENT)
        prompt = next((each for each in PROMPTS if line.startswith(INDENT + each)), None)
        if prompt:
            found.append(Command(prompt, inside.removeprefix(prompt), number))
        elif found and line.startswith(INDENT) and found[-1].first + len(found[-1].shown) + 1 == number:
            found[-1].shown.append(inside.rstrip())
    return found


def rewritten(text, said):
    """The document with these (command, answer) in place of its own."""
    lines = text.split("\n")
    for command, (asked, answer) in reversed(list(zip(commands(text), said))):
        block = [INDENT + command.prompt + asked, *(INDENT + line for line in answer)]
        lines[command.first:command.first + 1 + len(command.shown)] = block
    return "\n".join(line.rstrip() for line in lines)
