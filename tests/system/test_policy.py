# SPDX-License-Identifier: MIT
"""What a vif's policy keeps a guest from, however the guest behaves: lies, floods, strays; and who may look on."""
import re

import pytest

from generator import Generator

ECHO, WATCH = "00:16:3e:00:00:01", "00:16:3e:00:00:02"
ABSENT, STRANGER = "00:16:3e:00:00:03", "00:16:3e:00:00:04"
BYTES, RATE = 1514, 1_000_000     # of a frame, and a second
ASK = f"role=watch peer={ECHO}"


@pytest.fixture
def rally(networker):
    """Configurations of guests that play a role."""
    return lambda name, role, vif: networker(name, "rally", role, vif)


@pytest.fixture
def pair(rally):
    """A guest that asks another, and is not to lose an answer."""
    return [rally("echo", "role=echo", f"mac={ECHO}"), rally("watch", ASK, f"mac={WATCH}")]


def packets(session, guest, direction):
    """That its interface has carried."""
    told = session.shell(f"xl network-list -v {guest}")
    return int(re.search(rf"{direction}: (\d+) packets", told)[1])


def answers_lost(session):
    """By each period since the start."""
    session.expect(r"round trips, \d+ lost\r?\n")
    return {int(lost) for lost in re.findall(r"round trips, (\d+) lost\n", session.output())}


def test_what_a_guest_may_not_send_goes_nowhere_and_is_counted(machine, rally, pair):
    refused = {"liar": ("spoofed-mac", f"{ASK} from={WATCH}", ""),
               "stranger": ("spoofed-ip", ASK, "ip=10.0.2.50"),
               "prisoner": ("not-allowed", ASK, "allow=udp:53@10.0.2.3")}
    guests = [rally(name, role, vif) for name, (_, role, vif) in refused.items()]
    session = machine("--icount", *pair, *guests).wait_ready()
    for name, (reason, _, _) in refused.items():
        told = session.shell_until(f"xl network-list -v {name}", lambda text, reason=reason: reason in text)
        assert re.search(rf"dropped: {reason} \d+\r*\n", told)
        assert "tx: 0 packets" in told
    assert answers_lost(session) == {0}


def test_a_guest_that_floods_sends_at_its_rate(machine, rally, pair):
    flood = rally("flood", f"role=flood peer={ECHO} size={BYTES}", f"rate={RATE}B/s")
    session = machine("--icount", *pair, flood)
    # The first period is the one in which the ring was filled.
    session.expect(r"frames in the period")
    frames = int(session.expect_match(r"rally: (\d+) frames in the period"))
    assert 0.9 * RATE / 4 <= frames * BYTES <= 1.1 * RATE / 4
    assert answers_lost(session) == {0}


def sees_nothing(session, spy, watched):
    """While the other one gets frames."""
    seen, carried = packets(session, spy, "rx"), packets(session, watched, "rx")
    session.shell_until(f"xl network-list -v {watched}", lambda text: f"rx: {carried} packets" not in text)
    return packets(session, spy, "rx") == seen


def test_a_mirror_shows_what_another_sends_and_receives_until_it_is_taken_away(machine, rally, pair):
    session = machine("--icount", *pair, rally("spy", "role=echo", ""))
    session.wait_ready(r"round trips, 0 lost")
    session.shell("xl network-mirror watch 0 spy 0")
    session.shell_until("xl network-list -v spy", lambda text: re.search(r"rx: \d{2,} packets", text))
    session.shell("xl network-mirror watch 0 off")
    # What is taken away goes soon, not at once.
    assert any(sees_nothing(session, "spy", "watch") for _ in range(5))
    assert answers_lost(session) == {0}


def receivers(frames):
    return {frame[:6].hex(":") for frame in frames}


def test_what_is_for_a_guest_that_is_not_connected_stays_in_the_machine(machine, app, networker):
    callers = {name: networker(name, "source", f"to={to}", "bridge=xenbr0")
               for name, to in (("calls", ABSENT), ("asks", STRANGER))}
    with Generator() as wire:
        session = machine("--netdev", wire.netdev, "--at-hand", networker("absent", "sink", "", f"mac={ABSENT}"),
                          "--at-hand", callers["calls"], "--at-hand", callers["asks"], app("hello")).wait_empty()
        session.shell("xl create -p absent.cfg")
        for name in callers:
            session.shell(f"xl create {name}.cfg")
        session.shell_until("xl network-list -v calls", lambda _: packets(session, "calls", "tx") > 1)
        assert receivers(wire.on_the_wire(2)) == {STRANGER}     # of whom nobody knows that he is not out there
        session.shell("xl unpause absent")
        session.expect(r"source: \d+ sent, \d+ arrived\r?\n")
        assert receivers(wire.on_the_wire(2)) == {STRANGER}
