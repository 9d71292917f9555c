# SPDX-License-Identifier: MIT
"""However frames cross to a guest, and while that changes, each is delivered or counted as lost."""
import itertools
import re

import pytest

from generator import Generator, losses

MODES = ("copy", "guest-copy", "mapped", "queue")
FLOOD = 2_000
# Told by QEMU's models of Intel's chips, to its log alone, of each frame they drop. The chip counts them.
NO_DESCRIPTOR = "e1000e_rx_not_written_to_guest"
SMALLEST, LARGEST = 60, 1514


@pytest.fixture
def generator():
    with Generator() as it:
        yield it


@pytest.fixture
def qemu_log(tmp_path):
    return tmp_path / "qemu.log"


@pytest.fixture
def session(machine, app, generator, card, qemu_log):
    log = [f"--qemu-arg={word}" for word in ("-D", qemu_log, "-trace", NO_DESCRIPTOR)]
    it = machine("--nic", card, "--netdev", generator.netdev, *log, app("traffic")).wait_ready()
    generator.meet()
    return it


def change_to(session, mode):
    session.shell(f"xl network-mode traffic 0 {mode}")
    session.shell_until("xl network-list -v traffic", lambda text: f"mode: {mode}" in text)


def resets(session, more_than=-1):
    """How often the card was reset, once that is more often."""
    def count(answer):
        found = re.search(r"resets: (\d+)", answer)
        return int(found[1]) if found else -1       # the card has cut in
    return count(session.shell_until("xl nic-list -v", lambda answer: count(answer) > more_than))


@pytest.fixture
def uncounted(session, qemu_log):
    """How many frames QEMU's model of the card may have dropped: one that waited is, when the card starts again."""
    def numbers():
        surely = qemu_log.read_text().count(NO_DESCRIPTOR)
        return range(surely, surely + resets(session) + 1)
    return numbers


@pytest.mark.parametrize(("card", "modes"), [("igb", MODES), ("e1000e", MODES[:-1]), ("virtio-net", MODES[:-1])])
def test_every_frame_is_delivered_or_counted_as_lost(session, generator, uncounted, modes, mode_changes):
    with generator.kept_going(LARGEST):
        for mode in itertools.islice(itertools.cycle(modes), mode_changes):
            change_to(session, mode)
    assert generator.missing() == losses(session, "traffic") == 0, f"of {generator.sent} frames"
    for mode in modes:
        change_to(session, mode)
        for size in (SMALLEST, LARGEST):
            generator.flood(FLOOD, size)
        assert generator.missing() - losses(session, "traffic") in uncounted(), mode
    before = resets(session)
    session.shell("xl nic-reset 0")     # within a second, amid all this
    generator.flood(FLOOD, LARGEST)
    resets(session, before)
    assert generator.missing() - losses(session, "traffic") in uncounted()
