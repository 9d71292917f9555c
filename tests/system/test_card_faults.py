# SPDX-License-Identifier: MIT
"""What may befall a card, under TCP connections that are not to notice more than lost frames: a link that flaps, resets,
interrupts that do not come or come for nothing, rings that make no sense, an end of sending."""
import contextlib
import dataclasses
import functools
import json
import re

import pytest

from flows import Flows, echo_server
from guest_cfg import write_networker
from granitelib import debugger, qemu
from lying_card import INTEL, Memory, lying_card
from machine_session import machines
from qmp import Hands

COUNT = 10              # of connections
FLAPS, RESETS = 3, 3
MISSED = 3              # interrupts that the driver is to find out about
RAISED, RAISED_US = 1000, 200
WITHOUT_END = 1_000_000_000
LOOK_S, LOOKS = 10, 30  # for a lie that a frame may undo
OLDEST_QEMU = (7, 2)    # that tells where the rings of a virtio device are


@dataclasses.dataclass
class Card:
    name: str
    driver_domain: str
    flows: Flows
    hands: Hands
    memory: Memory

    @property
    def session(self):
        return self.flows.session

    def does(self, what):
        """With the machine standing still, one of what lying_card.py can."""
        liar = lying_card(self.name, self.hands)
        with self.memory as memory:
            getattr(liar, what)(memory)

    def says(self, what, **timeout):
        self.session.expect(rf"{self.name}: {what}", **timeout)

    def count(self, what, holds=lambda number: True):
        """A number that `xl nic-list -v` tells, once it is as it should be."""
        def number(text):
            found = re.search(what, text)
            return int(found[1]) if found else None     # somebody else has cut in
        answer = self.session.shell_until("xl nic-list -v", lambda text: number(text) is not None and holds(number(text)))
        return number(answer)

    def resets(self):
        return self.count(r"resets: (\d+),")

    def irq_faults(self):
        """How many there have been, by what was asked for last."""
        [row] = [row for row in map(json.loads, self.session.ask("failirq -j")) if "done" in row]
        return row["done"]


@contextlib.contextmanager
def running(folder, name, apart):
    socket = folder / "qmp.sock"
    with echo_server() as port, pytest.MonkeyPatch.context() as patch, machines(folder / "run", folder) as start:
        patch.setenv("GRANITE_RUN", str(folder / "run"))
        flows = Flows(start, functools.partial(write_networker, folder), port, COUNT, "--nic", name,
                      *Hands.arguments(socket), apart=apart)
        hands = Hands(socket)
        memory = Memory((folder / "run" / "serial.sock").resolve().with_name(debugger.SOCKET))
        yield Card(name, "network" if apart else "0", flows, hands, memory)
        hands.close()


@pytest.fixture(scope="module", params=[("igb", True), ("e1000e", True), ("virtio-net", True), ("virtio-net", False)],
                ids=lambda param: f"{param[0]}-{'apart' if param[1] else 'here'}")
def card(request, tmp_path_factory):
    name, apart = request.param
    if qemu.version() < max(qemu.NICS[name][1], OLDEST_QEMU):
        pytest.skip(f"needs a QEMU that has {name} and tells where its rings are")
    with running(tmp_path_factory.mktemp("card"), name, apart) as it:
        yield it


def test_connections_outlive_a_link_that_flaps(card):
    for _ in range(FLAPS):
        card.hands.set_link(False)
        card.says("link is down")
        card.hands.set_link(True)
        card.says("link is up")
    assert card.flows.all_go_on()


def test_connections_outlive_resets(card):
    before = card.resets()
    for count in range(before + 1, before + 1 + RESETS):
        card.session.shell("xl nic-reset 0")
        card.count(r"resets: (\d+),", lambda number, count=count: number >= count)
    assert card.flows.all_go_on()


def test_a_card_whose_interrupts_get_lost_is_served_all_the_same(card):
    before = card.count(r"interrupts: \d+, (\d+) missed")
    card.session.ask(f"failirq {card.driver_domain} lose 1 {WITHOUT_END}")
    card.count(r"interrupts: \d+, (\d+) missed", lambda number: number >= before + MISSED)
    assert card.flows.all_go_on()
    card.session.ask("failirq off")
    assert card.irq_faults() >= MISSED
    assert card.flows.all_go_on()


def test_interrupts_for_nothing_do_no_harm(card):
    told, resets = card.count(r"interrupts: (\d+),"), card.resets()
    card.session.ask(f"failirq {card.driver_domain} raise {RAISED_US} {RAISED}")
    while card.irq_faults() < RAISED:
        pass
    card.count(r"interrupts: (\d+),", lambda number: number > told)
    assert card.flows.all_go_on()
    assert card.resets() == resets


# ND-1 ND-3: what the card writes is a claim
def test_a_receive_ring_that_makes_no_sense_is_begun_anew(card):
    before = card.resets()
    for _ in range(LOOKS):
        card.does("lie")
        with contextlib.suppress(AssertionError):
            card.says("reset, a receive queue makes no sense", timeout=LOOK_S)
            break
    else:
        raise AssertionError("nobody minds")
    card.count(r"resets: (\d+),", lambda number: number > before)
    assert card.flows.all_go_on()


# ND-3: it stands still for five seconds with the link up
def test_a_card_that_stops_sending_is_reset(card):
    if card.name not in INTEL:
        pytest.skip("virtio-net has no register that stops it")
    card.does("stop_sending")
    card.says("reset, a transmit queue is stuck")
    assert card.flows.all_go_on()
