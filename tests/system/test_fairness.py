# SPDX-License-Identifier: MIT
"""Guests that flood, or take nothing, and how the others fare: in virtual time, so every run sees the same."""
import pytest

PING, ECHO, LOUD, OTHER = (f"00:16:3e:00:00:0{n}" for n in range(1, 5))
WIRE = "52:54:00:00:00:99"


@pytest.fixture
def rally(app, tmp_path):
    """Configurations of guests that play a role."""
    kernel = app("rally").parent / "../../../build/guests/rally.elf"

    def write(name, mac, role, vif=""):
        cfg = tmp_path / f"{name}.cfg"
        cfg.write_text(f'name = "{name}"\ntype = "pv"\nkernel = "{kernel.resolve()}"\nextra = "{role}"\n'
                       f'memory = 32\nvif = ["mac={mac}{vif}"]\n')
        return cfg
    return write


def mean_round_trip(machine, *guests):
    session = machine("--icount", *guests)
    mean = int(session.expect_match(r"rally: mean of 1000 round trips (\d+) ns, 0 lost"))
    session.close()
    return mean


@pytest.mark.parametrize("goal", [ECHO, WIRE], ids=["to the same guest", "to the wire"])
def test_round_trips_beside_a_flood_take_less_than_twice_their_time(machine, rally, goal):
    pair = [rally("echo", ECHO, "role=echo"), rally("ping", PING, f"role=ping peer={ECHO}")]
    alone = mean_round_trip(machine, *pair)
    beside = mean_round_trip(machine, rally("loud", LOUD, f"role=flood peer={goal}"), *pair)
    assert beside < 2 * alone, f"{beside} ns beside a flood, {alone} ns alone"


def frames_in_a_second(session, guest):
    """The second of its reports: in the first second not all were there."""
    number = session.domains()[guest]
    for _ in range(2):
        frames = session.expect_match(rf"\(d{number}\) rally: (\d+) frames in a second")
    return int(frames)


@pytest.mark.parametrize("goal", [ECHO, WIRE], ids=["to the same guest", "to the wire"])
def test_who_sends_long_frames_gets_its_share_beside_a_flood_of_short_ones(machine, rally, goal):
    session = machine("--icount", rally("echo", ECHO, "role=echo"), rally("loud", LOUD, f"role=flood peer={goal}"),
                      rally("other", OTHER, f"role=flood peer={goal} size=1514"))
    session.wait_ready()
    loud, other = (frames_in_a_second(session, guest) for guest in ("loud", "other"))
    assert other >= 0.9 * (loud + other) / 2, f"{other} frames beside {loud}"


def test_a_guest_that_takes_nothing_slows_nobody(machine, rally):
    pair = [rally("echo", ECHO, "role=echo"), rally("ping", PING, f"role=ping peer={ECHO}")]
    alone = mean_round_trip(machine, *pair)
    beside = mean_round_trip(machine, rally("mute", LOUD, "role=mute"),
                             rally("loud", OTHER, f"role=flood peer={LOUD}"), *pair)
    assert beside < 2 * alone, f"{beside} ns beside a stalled guest, {alone} ns alone"
