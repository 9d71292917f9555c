# SPDX-License-Identifier: MIT
"""What the driver domain's shell says of a guest's interface when all is done: how it was
served, which need not be what was asked for, and what was dropped on the way to it."""
import dataclasses
import re

from ... import first_domain

MODE = re.compile(r"^(?:\(d0\) )? *mode: ([\w-]+)", re.MULTILINE)
DROPPED = re.compile(r"^(?:\(d0\) )? *dropped: (.*)$", re.MULTILINE)
PATIENCE_S = 60


@dataclasses.dataclass
class Interface:
    mode: str
    dropped: int


def read(text):
    """Of what `xl network-list -v` has answered, once it is whole."""
    dropped = DROPPED.search(text)
    return dropped and Interface(MODE.search(text)[1], sum(map(int, re.findall(r" (\d+)", dropped[1]))))


def of(machine, domain):
    machine.hub.type(f"xl network-list -v {domain}\r".encode())
    return read(first_domain.listen(machine, read, limit_s=PATIENCE_S))
