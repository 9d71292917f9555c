# SPDX-License-Identifier: MIT
"""However frames cross to a guest, and while that changes, each is delivered or counted as lost."""
import concurrent.futures
import itertools
import threading

import pytest

from generator import GENEROUS_S, Generator, losses

MODES = ("copy", "mapped", "queue")
FLOOD = 8_000
SMALLEST, LARGEST = 60, 1514


@pytest.fixture
def generator():
    with Generator() as it:
        yield it


@pytest.fixture
def card():
    return "igb"


@pytest.fixture
def session(machine, app, generator, card):
    it = machine("--nic", card, "--netdev", generator.netdev, app("traffic")).wait_ready()
    generator.meet()
    return it


def change_to(session, mode):
    session.shell(f"xl network-mode traffic 0 {mode}")
    session.shell_until("xl network-list -v traffic", lambda text: f"mode: {mode}" in text)


def test_no_frame_is_lost_while_modes_change(session, generator, mode_changes):
    enough = threading.Event()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        traffic = pool.submit(generator.keep_up, LARGEST, enough)
        try:
            for mode in itertools.islice(itertools.cycle(MODES), mode_changes):
                change_to(session, mode)
        finally:
            enough.set()
        traffic.result(GENEROUS_S)
    assert generator.missing() == 0, f"of {generator.sent} frames"
    assert losses(session, "traffic") == 0


# Not `queue`: QEMU's model of igb counts nowhere what finds a queue full (drivers/net/README.md).
# Not virtio-net, which has no counters: on a busy machine some hundred frames are told by nobody.
@pytest.mark.parametrize(("card", "mode"), [("igb", "copy"), ("igb", "mapped"), ("e1000e", "copy")])
def test_frames_of_a_flood_are_delivered_or_counted(session, generator, mode):
    change_to(session, mode)
    for size in (SMALLEST, LARGEST):
        generator.flood(FLOOD, size)
    assert generator.missing() == losses(session, "traffic")
