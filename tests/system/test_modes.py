# SPDX-License-Identifier: MIT
"""However frames cross to a guest, and while that changes, each is delivered or counted as lost."""
import itertools
import re

import pytest

from generator import Generator, losses

MODES = ("copy", "guest-copy", "mapped", "queue")
FLOOD = 2_000
# Of QEMU's models of Intel's chips: no descriptor, and after a reset the link or the receiver still off.
QEMU_DROPS = ("e1000e_rx_not_written_to_guest", "e1000x_rx_link_down", "e1000x_rx_disabled")
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
    """How many frames QEMU's model of the card has dropped, which it tells its log alone. A chip counts them, or
    has no link by which they could come."""
    return lambda: len(qemu_log.read_text().splitlines())


@pytest.fixture
def session(machine, app, generator, card, qemu_log):
    words = ["-D", qemu_log, *(word for drop in QEMU_DROPS for word in ("-trace", drop))]
    log = [f"--qemu-arg={word}" for word in words]
    it = machine("--nic", card, "--netdev", generator.netdev, *log, app("traffic")).wait_ready()
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
    session.shell("xl nic-reset 0")     # within a second, amid all this
    generator.flood(FLOOD, LARGEST)
    session.shell_until("xl nic-list -v", lambda text: re.search(r"resets: [1-9]", text))
    assert generator.missing() == losses(session, "traffic") + uncounted()
