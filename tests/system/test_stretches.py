# SPDX-License-Identifier: MIT
"""No hypercall, and nothing that an exception asks for, goes on for long without a look at who else waits."""
import json

from havoc import write_cfg

LONGEST = 100_000   # instructions; under --icount the clock counts them


# DS-1 HC-5: with the worst arguments, with random ones, and when what they made is taken apart
def test_hypercalls_look_who_waits_every_hundred_thousand_instructions(machine, app, tmp_path):
    havoc = write_cfg(tmp_path, "havoc", "seed=4 steps=1000")
    session = machine("--icount", "--nic", "none", "--at-hand", havoc, "--at-hand", app("lengthy"), app("hello"))
    session.wait_empty()
    session.ask("stretches on")
    session.send_shell("xl create lengthy.cfg")
    session.has_ended("lengthy")
    session.send_shell("xl create havoc.cfg")
    session.has_ended("havoc")
    rows = [json.loads(line) for line in session.ask("stretches -j")]
    stretches = {row["call"]: row for row in rows if "cycles" in row}
    assert {"mmu_update", "mmuext_op", "memory_op", "grant_table_op", "multicall", "event_channel_op", "domctl",
            "exception"} <= set(stretches)
    assert "lengthy: done" in session.output() and "refused\n" not in session.output()
    too_long = [row for row in stretches.values() if row["cycles"] > LONGEST]
    assert not too_long, "\n".join(session.ask("stretches"))
