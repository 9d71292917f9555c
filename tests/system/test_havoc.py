# SPDX-License-Identifier: MIT
"""Guests that make random hypercalls side by side harm nobody but themselves."""
from havoc import DONE, write_cfg
from machine_session import shut_down_line

GUESTS = {"havoc1": "seed=1 steps=400", "havoc2": "seed=2 steps=400", "havoc3": "seed=3 steps=400"}


# HC-1 HC-2 HC-3 PT-01 GT-02 EV-2: whatever several vcpus of several guests ask for, all counts are right afterwards
def test_random_hypercalls_of_three_guests_are_withstood(machine, tmp_path):
    guests = [write_cfg(tmp_path, name, extra) for name, extra in GUESTS.items()]
    session = machine("--icount", "--smp", 4, "--nic", "none", *guests)
    session.expect_each(*[DONE] * len(guests), *[shut_down_line(name) for name in GUESTS])
