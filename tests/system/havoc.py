# SPDX-License-Identifier: MIT
"""The guest that makes random hypercalls (guest-pv/apps/havoc), for tests and for scripts/havoc."""
import re

from granitelib import paths

REPORT = re.compile(r"havoc: seed \d+: (?P<calls>\d+) calls, \d+ refused, \d+ exceptions, memory as it was")
DONE = REPORT.pattern
MEMORY_MB = 16


def write_cfg(folder, name, extra, vcpus=4, **settings):
    """One that runs on all its vcpus but the first and the last."""
    lines = {"name": name, "type": "pv", "kernel": str(paths.BUILD / "guests" / "havoc.elf"), "extra": extra,
             "memory": MEMORY_MB, "vcpus": vcpus, **settings}
    path = folder / f"{name}.cfg"
    path.write_text("".join(f"{key} = {value!r}\n" for key, value in lines.items()))
    return path


def calls_made(output):
    """By all that came to their end."""
    return sum(int(found["calls"]) for found in REPORT.finditer(output))
