# SPDX-License-Identifier: MIT
"""Linux guests that an administrator without a plan steers for a long time."""
from linux_guest import write_cfg
from toolstack_fuzz import Administrator


def test_linux_guests_may_be_steered_in_any_order(machine, app, tmp_path, rounds):
    cfg = write_cfg(tmp_path, "linux", "6.1", extra="quiet", vif=[])
    session = machine("--smp", 4, "--memory", "2G", "--nic", "none", "--at-hand", cfg, app("hello")).wait_empty()
    admin = Administrator(session, "linux.cfg", seed=1, cpus=4)
    admin.create(None)
    admin.tidy_up()     # what is allocated once and kept
    before = session.free_frames()
    for _ in range(rounds):
        for _ in range(4):
            admin.step()
        admin.check()
    admin.tidy_up()
    assert session.free_frames() == before
