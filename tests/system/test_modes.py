# SPDX-License-Identifier: MIT
"""However frames cross to a guest, and while that changes, each is delivered or counted as lost."""
import concurrent.futures
import itertools
import threading

import pytest

from card_resets import resets
from generator import Generator, losses

MODES = ("copy", "guest-copy", "mapped", "queue")
# How they are told where the card has a queue for the guest.
OWN_QUEUE = {"guest-copy": "guest-copy by the guest", "queue": "queue by the card"}
FLOOD = 2_000
ORDERED = 500       # at a time
# Told by QEMU's models of Intel's chips, to its log alone, of each frame they drop. The chip counts those.
NO_DESCRIPTOR = "e1000e_rx_not_written_to_guest"
# And of each that a chip is given while it is not receiving: one that waited, for every queue that gets buffers then.
NOT_RECEIVING = ("e1000x_rx_link_down", "e1000x_rx_disabled")
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
    traced = itertools.chain(*(("-trace", name) for name in (NO_DESCRIPTOR, *NOT_RECEIVING)))
    log = [f"--qemu-arg={word}" for word in ("-D", qemu_log, *traced)]
    it = machine("--nic", card, "--netdev", generator.netdev, *log, app("traffic")).wait_ready()
    generator.meet()
    return it


def change_to(session, mode):
    session.shell(f"xl network-mode traffic 0 {mode}")
    await_mode(session, mode)


def await_mode(session, told):
    session.shell_until("xl network-list -v traffic", lambda text: f"mode: {told}" in text)


@pytest.fixture
def uncounted(session, qemu_log, card):
    """How many frames QEMU's model of the card may have dropped. Of virtio-net it does not tell: one that waited is
    when the card starts again, and one before, when it is stopped after it was given buffers and before QEMU's main
    thread has heard of them."""
    in_a_reset = 2 if card == "virtio-net" else 1

    def numbers():
        told = qemu_log.read_text()
        surely = told.count(NO_DESCRIPTOR)
        maybe = sum(told.count(name) for name in NOT_RECEIVING) + in_a_reset * resets(session)
        return range(surely, surely + maybe + 1)
    return numbers


@pytest.mark.parametrize(("card", "modes"), [("igb", MODES), ("e1000e", MODES[:-1]), ("virtio-net", MODES[:-1])])
def test_every_frame_is_delivered_or_counted_as_lost(session, generator, uncounted, card, modes, mode_changes):
    with generator.kept_going(LARGEST):
        for mode in itertools.islice(itertools.cycle(modes), mode_changes):
            change_to(session, mode)
    missing, lost = generator.missing(), losses(session, "traffic")
    assert missing == lost == 0, f"{missing} missing, {lost} told lost, of {generator.sent} frames"
    for mode in modes:
        change_to(session, mode)
        await_mode(session, OWN_QUEUE[mode] if card == "igb" and mode in OWN_QUEUE else mode)
        for size in (SMALLEST, LARGEST):
            generator.flood(FLOOD, size)
        assert generator.missing() - losses(session, "traffic") in uncounted(), mode
    before = resets(session)
    session.shell("xl nic-reset 0")     # within a second, amid all this
    generator.flood(FLOOD, LARGEST)
    resets(session, before)
    assert generator.missing() - losses(session, "traffic") in uncounted()


@pytest.mark.parametrize(("card", "modes"), [("igb", MODES), ("virtio-net", MODES[:-1])])
def test_every_frame_that_a_guest_sends_gets_to_the_wire_or_is_counted_as_lost(session, generator, modes, mode_changes):
    enough = threading.Event()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        traffic = pool.submit(generator.keep_ordering, ORDERED, LARGEST, enough)
        try:
            for mode in itertools.islice(itertools.cycle(modes), mode_changes):
                change_to(session, mode)
        finally:
            enough.set()
        missing = traffic.result()
    lost = losses(session, "traffic", "tx")
    assert missing == lost, f"{missing} missing, {lost} told lost"
