# SPDX-License-Identifier: MIT
"""What the monitor costs on a machine with many Linux guests, by count."""
import json
import re

from linux_guest import write_cfg

GUESTS = 8
MOST_TOGETHER = 50_000_000
PREEMPTION_LIMIT = 100_000      # what a hypercall may take before it lets others run
# An answer that is cut short leaves out what it has cost: of these each has room.
WHOLE_MACHINE = ["domains", "vcpus", "regs", "irqs", "frames", "ptdump 0", "ptentries linux0", "grants linux0",
                 "maptrack linux0", "evtchn", "links", "dmesg"]


def cost(answer):
    """Steps, instructions of all, and of the longest."""
    return tuple(map(int, re.findall(r"\d+", answer[-1])))


def test_what_goes_over_many_linux_guests_is_cheap_and_holds_nobody_up(machine, tmp_path):
    cfgs = [write_cfg(tmp_path, f"linux{number}", "6.1", memory=96, extra="quiet") for number in range(GUESTS)]
    session = machine("--icount", "--memory", "1G", *cfgs)
    for _ in cfgs:
        session.expect(r"\(d\d+\) guest: ready")
    granted = next(row["mfn"] for line in session.ask("maptrack 0 -j") if "mfn" in (row := json.loads(line)))
    audit = session.ask("audit -v")
    costs = {line: cost(session.ask(line + " -v")) for line in [*WHOLE_MACHINE, f"frames {granted}"]}
    costs["audit"] = cost(audit)
    for line, (steps, together, longest) in costs.items():
        print(f"{line:16} {steps:6} steps {together:12,} together {longest:8,} longest")
    print(audit[0])
    assert audit[0].startswith("audit: ok")
    assert costs["audit"][1] < MOST_TOGETHER
    assert not {line: c for line, c in costs.items() if c[2] > PREEMPTION_LIMIT}
