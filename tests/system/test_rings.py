# SPDX-License-Identifier: MIT
"""A guest that never stops spoiling the rings of its console and its store disturbs nobody else."""
from granitelib import paths

IMAGE = paths.BUILD / "tests" / "guest" / "rings.elf"


# CN-1 XS-01 LC-1: indexes that make no sense are of no use, and the domain goes when it is destroyed
def test_others_are_heard_and_served_beside_a_guest_that_spoils_its_rings(machine, app, tmp_path):
    cfg = tmp_path / "rings.cfg"
    cfg.write_text(f'name = "rings"\nkernel = "{IMAGE}"\nmemory = 16\nextra = "stay"\n')
    session = machine("--nic", "none", "--at-hand", cfg, app("hello")).wait_empty()
    session.send_shell("xl create rings.cfg")
    session.expect("rings: heard without a store")
    for _ in range(5):
        session.send_shell("xl create hello.cfg")
        session.expect_each("Hello from a Granite guest", r"\(GR\) d\d+ hello shut down: poweroff")
        session.has_gone("hello")
    number = session.domains()["rings"]
    assert "rings" in session.shell(f"xenstore-read /local/domain/{number}/name")
    assert "\nrings " in session.shell("xl list")
    session.shell("xl destroy rings")
    session.has_gone("rings")
