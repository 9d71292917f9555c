# SPDX-License-Identifier: MIT
"""Frames copied on the processor of the guest: by itself, or beside it by a virtual CPU of the driver domain."""
import re

import pytest

REPORT = r"\(d\d+\) source: (\d+ sent, \d+ arrived)"
# Between neighbours on the ring: a card's pages change from the guest's to ours and back.
MODES = {"igb": ["guest-copy", "mapped", "guest-copy", "queue", "guest-copy", "copy", "guest-copy"],
         "virtio-net": ["guest-copy", "mapped", "guest-copy", "copy", "guest-copy"]}


def guest(app, folder, name, mac):
    cfg = folder / f"{name}.cfg"
    kernel = app(name).parent.parent.parent.parent / f"build/guests/{name}.elf"
    cfg.write_text(f'name = "{name}"\ntype = "pv"\nkernel = "{kernel}"\nmemory = 32\ncpus = "1"\n'
                   f'extra = "to=00:16:3e:00:00:51"\nvif = ["mac=00:16:3e:00:00:{mac},bridge=xenbr0"]\n')
    return cfg


@pytest.fixture
def traffic(machine, app, tmp_path, card):
    """`source` sends to `sink` without an end, both on another processor than the switch."""
    session = machine("--smp", "2", "--nic", card, guest(app, tmp_path, "sink", 51), guest(app, tmp_path, "source", 52))
    session.wait_ready()
    session.shell("xl vcpu-pin Domain-0 0 0")
    return session


def report(session):
    """(sent, arrived) once the traffic of a round has come to rest."""
    return tuple(int(number) for number in re.findall(r"\d+", session.expect_match(REPORT)))


@pytest.mark.parametrize(("card", "by"), [("igb", "by the guest"), ("virtio-net", "by a helper")])
def test_frames_are_copied_where_the_guest_runs_while_modes_change_and_until_it_is_destroyed(traffic, card, by):
    for mode in MODES[card]:
        for name in ("sink", "source"):
            traffic.send_shell(f"xl network-mode {name} 0 {mode}")
        sent, arrived = report(traffic)
        assert sent == arrived > 0
    for name in ("sink", "source"):
        traffic.shell_until(f"xl network-list -v {name}", lambda answer: f"mode: guest-copy {by}" in answer)
    if by == "by a helper":
        assert re.search(r"Domain-0 +0 +1 +1 .* 1 / all", traffic.shell("xl vcpu-list"))
    report(traffic)
    traffic.shell("xl destroy sink")
    traffic.shell_until("xl list", lambda answer: "\nsink " not in answer)
    traffic.has_gone("sink")
