# SPDX-License-Identifier: MIT
"""Queues of a card that belong to guests: in whose network they are, and how they change hands under traffic."""
import pytest

from generator import WINDOW, Generator, losses
from machine_session import lines_of

VLAN, OTHER_VLAN = 5, 6
LARGEST, LONG = 1514, 4000     # of usual frames; of those that fit a page
TAGGED, PAGE = 1518, 4096      # a usual frame with a tag has room for it; a page
FEW = 8
IDLE = 7            # as many as the card has queues for guests
ROUNDS = 3


@pytest.fixture
def guest(app, tmp_path):
    """Writes the cfg of a guest that runs a sample's kernel."""
    def make(name, kernel, vif, **settings):
        image = app(kernel).parent.parent.parent.parent / f"build/guests/{kernel}.elf"
        settings = {"name": name, "kernel": str(image), "memory": 32, "vif": [f"bridge=xenbr0{vif}"], **settings}
        cfg = tmp_path / f"{name}.cfg"
        cfg.write_text("".join(f"{key} = {value!r}\n" for key, value in settings.items()))
        return cfg
    return make


def is_served(session, how):
    session.shell_until("xl network-list -v traffic", lambda text: f"mode: {how}" in text)


@pytest.mark.parametrize(("card", "modes"), [("igb", ("copy", "queue")), ("e1000e", ("copy",)), ("virtio-net", ("copy",))])
def test_a_guest_gets_the_frames_of_its_network_alone_whoever_looks_for_them(machine, guest, card, modes):
    with Generator(VLAN) as generator:
        traffic = guest("traffic", "traffic", f",vlan={VLAN},mtu=4000", extra="ip=10.0.2.20/24")
        session = machine("--nic", card, "--netdev", generator.netdev, traffic).wait_ready()
        generator.meet()
        for mode in modes:
            session.shell(f"xl network-mode traffic 0 {mode}")
            is_served(session, "queue by the card" if mode == "queue" else mode)
            for size in (LARGEST, LONG):
                generator.flood(WINDOW // 2, size)
                generator.stray(size, None)
                generator.stray(size, OTHER_VLAN)
                assert generator.missing() == 0, (mode, size)
        assert losses(session, "traffic") == 0


@pytest.mark.parametrize(("mtu", "longest"), [(1500, TAGGED), (9000, PAGE)])
def test_a_frame_longer_than_a_guest_takes_is_counted_and_harms_no_other(machine, guest, mtu, longest):
    """The kit's frontend takes no frame in several pages, whatever its interface may carry."""
    with Generator() as generator:
        traffic = guest("traffic", "traffic", f",mtu={mtu},mode=copy", extra="ip=10.0.2.20/24")
        session = machine("--netdev", generator.netdev, traffic).wait_ready()
        generator.meet()
        generator.flood(FEW, longest)
        assert generator.missing() == losses(session, "traffic") == 0
        generator.flood(FEW, longest + 1)
        assert generator.missing() == losses(session, "traffic") == FEW
        assert f"dropped: too-long {FEW}" in session.shell("xl network-list -v traffic")


def test_queues_move_among_more_guests_than_there_are_queues_and_no_frame_is_lost(machine, app, guest):
    with Generator() as generator:
        idle = [guest(f"idle{number}", "sink", "", extra=f"ip=10.0.2.{30 + number}/24") for number in range(IDLE)]
        session = machine("--nic", "igb", "--netdev", generator.netdev, app("traffic"), *idle).wait_ready()
        generator.meet()
        with generator.kept_going(LARGEST):
            is_served(session, "queue by the card (auto)")
            for number in range(IDLE - 1):
                session.shell(f"xl network-mode idle{number} 0 queue")
            for _ in range(ROUNDS):
                session.shell(f"xl network-mode idle{IDLE - 1} 0 queue")
                is_served(session, "mapped (auto)")
                session.shell_until("xl nic-list", lambda answer: lines_of(answer)[-1].endswith(f" {IDLE}/{IDLE}"))
                session.shell(f"xl network-mode idle{IDLE - 1} 0 copy")
                is_served(session, "queue by the card (auto)")
        assert generator.missing() == losses(session, "traffic") == 0
