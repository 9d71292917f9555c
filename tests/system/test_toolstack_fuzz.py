# SPDX-License-Identifier: MIT
"""Whatever is done to guests that run on four processors, in whatever order, everything stays counted."""
import pytest

from toolstack_fuzz import Administrator


@pytest.mark.parametrize("seed", [1, 2])
def test_guests_may_be_steered_in_any_order(machine, app, seed):
    session = machine("--nic", "none", "--smp", 4, "--at-hand", app("burn"), app("hello")).wait_empty()
    admin = Administrator(session, "burn.cfg", seed, cpus=4, options="'extra=\"from=9000000\"'")
    admin.create(None)
    admin.tidy_up()     # what is allocated once and kept
    before = session.free_frames()
    for _ in range(15):
        for _ in range(4):
            admin.step()
        admin.check()
    admin.tidy_up()
    assert session.free_frames() == before
