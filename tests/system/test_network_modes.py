# SPDX-License-Identifier: MIT
"""How frames cross from guest to guest changes at both ends while they do, also by a card between them."""
import re

import pytest

REPORT = r"\(d\d+\) source: (\d+ sent, \d+ arrived)"
MODES = ["mapped", "queue", "copy", "queue", "mapped", "copy"]
ROUNDS = 3


@pytest.fixture
def traffic(machine, app, tmp_path):
    """A machine whose guest `source` sends to its guest `sink`, without an end."""
    sink = tmp_path / "sink.cfg"
    kernel = app("sink").parent.parent.parent.parent / "build/guests/sink.elf"
    sink.write_text(app("sink").read_text().replace("../../../build/guests/sink.elf", str(kernel))
                    .replace("bridge=xenbr0", "mac=00:16:3e:00:00:51,bridge=xenbr0"))
    session = machine("--icount", "--nic", "igb", app("source"), sink)
    session.wait_ready()
    return session


def report(session):
    """(sent, arrived) once the traffic of a round has come to rest."""
    return tuple(int(number) for number in re.findall(r"\d+", session.expect_match(REPORT)))


def test_modes_change_under_traffic_and_no_frame_is_lost(traffic):
    for _ in range(ROUNDS):
        for mode in MODES:
            for guest in ("sink", "source"):
                traffic.send_shell(f"xl network-mode {guest} 0 {mode}")
            sent, arrived = report(traffic)
            assert sent == arrived > 0


def test_a_guest_with_a_queue_of_the_card_is_told_of(traffic):
    traffic.shell("xl network-mode sink 0 queue")
    sent, arrived = report(traffic)
    traffic.shell_until("xl network-list -v sink", lambda answer: "mode: queue by the card, 512 pages declared" in answer)
    assert sent == arrived > 0


def test_a_guest_is_destroyed_while_the_card_has_its_pages(traffic):
    traffic.shell("xl network-mode sink 0 queue")
    report(traffic)
    traffic.shell("xl destroy sink")
    traffic.shell_until("xl list", lambda answer: "\nsink " not in answer)
