# SPDX-License-Identifier: MIT
"""However frames cross to a guest, and while that changes, each is delivered or counted as lost."""
import itertools

import pytest

from generator import Generator, losses

MODES = ("copy", "guest-copy", "mapped", "queue")
FLOOD = 4_000
NO_DESCRIPTOR = "e1000e_rx_not_written_to_guest"     # of either chip
SMALLEST, LARGEST = 60, 1514


@pytest.fixture
def generator():
    with Generator() as it:
        yield it


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


@pytest.mark.parametrize(("card", "modes"), [("igb", MODES), ("e1000e", MODES[:-1]), ("virtio-net", MODES[:-1])])
def test_every_frame_is_delivered_or_counted_as_lost(session, generator, uncounted, modes, mode_changes):
    with generator.kept_going(LARGEST):
        for mode in itertools.islice(itertools.cycle(modes), mode_changes):
            change_to(session, mode)
    assert generator.missing() == losses(session, "traffic") == uncounted() == 0, f"of {generator.sent} frames"
    for mode in modes:
        change_to(session, mode)
        for size in (SMALLEST, LARGEST):
            generator.flood(FLOOD, size)
        assert generator.missing() == losses(session, "traffic") + uncounted(), mode
