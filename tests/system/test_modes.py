# SPDX-License-Identifier: MIT
"""However frames cross to a guest, and while that changes, each is delivered or counted as lost."""
import concurrent.futures
import itertools
import threading

import pytest

from generator import GENEROUS_S, Generator, losses

MODES = ("copy", "guest-copy", "mapped", "queue")
FLOOD = 4_000
NO_DESCRIPTOR = "e1000e_rx_not_written_to_guest"     # of either chip
SMALLEST, LARGEST = 60, 1514


@pytest.fixture
def generator():
    with Generator() as it:
        yield it


@pytest.fixture
def card():
    return "igb"


@pytest.fixture
def qemu_log(tmp_path):
    return tmp_path / "qemu.log"


@pytest.fixture
def uncounted(qemu_log):
    """How many frames found no descriptor in QEMU's model of igb, which tells its log alone; the chip counts them."""
    return lambda: qemu_log.read_text().count(NO_DESCRIPTOR)


@pytest.fixture
def session(machine, app, generator, card, qemu_log):
    trace = [f"--qemu-arg={word}" for word in ("-D", qemu_log, "-trace", NO_DESCRIPTOR)]
    it = machine("--nic", card, "--netdev", generator.netdev, *trace, app("traffic")).wait_ready()
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


@pytest.mark.parametrize(("card", "modes"), [("igb", MODES), ("e1000e", ["copy"]), ("virtio-net", ["copy"])])
def test_frames_of_a_flood_are_delivered_or_counted(session, generator, uncounted, modes):
    for mode in modes:
        change_to(session, mode)
        for size in (SMALLEST, LARGEST):
            generator.flood(FLOOD, size)
        assert generator.missing() == losses(session, "traffic") + uncounted(), mode
