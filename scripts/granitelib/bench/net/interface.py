# SPDX-License-Identifier: MIT
"""What the driver domain's shell says when all is done: how a guest's interface was served, which
need not be as was asked for, and how many frames were lost on the way to it, or at the card."""
import dataclasses
import re

from ... import first_domain

MODE = re.compile(r"^(?:\(d0\) )? *mode: ([\w-]+)", re.MULTILINE)
LOST = re.compile(r"^(?:\(d0\) )? *(?:dropped|rx lost): (.*)$", re.MULTILINE)
LAST = re.compile(r"^(?:\(d0\) )? *resets: ", re.MULTILINE)
PATIENCE_S = 60


@dataclasses.dataclass
class Interface:
    mode: str
    dropped: int


def read(text):
    """Of the answers, once they are whole."""
    counts = re.findall(r"\b\d+\b", " ".join(LOST.findall(text)))
    return LAST.search(text) and Interface(MODE.search(text)[1], sum(map(int, counts)))


def of(machine, domain):
    machine.hub.type(f"xl network-list -v {domain}\rxl nic-list -v\r".encode())
    return read(first_domain.listen(machine, read, limit_s=PATIENCE_S))
