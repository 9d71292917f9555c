# SPDX-License-Identifier: MIT
"""Guests that flood, or take nothing, and how the others fare: in virtual time, so every run sees the same."""
import re

import pytest

PING, ECHO, LOUD, OTHER = (f"00:16:3e:00:00:0{n}" for n in range(1, 5))
WIRE = "52:54:00:00:00:99"
ROUND_TRIPS = r"rally: mean of 1000 round trips (\d+) ns, 0 lost"
AFTER = 750     # ms of system time, when all floods are on


@pytest.fixture
def rally(networker):
    """Configurations of guests that play a role."""
    return lambda name, mac, role: networker(name, "rally", role, f"mac={mac}")


@pytest.fixture
def pair(rally):
    """Guests between which frames go to and fro."""
    return [rally("echo", ECHO, "role=echo"), rally("ping", PING, f"role=ping peer={ECHO} after={AFTER}")]


def mean_round_trip(machine, *guests):
    session = machine("--icount", *guests)
    mean = int(session.expect_match(ROUND_TRIPS))
    session.close()
    return mean, floods(session)


def floods(session):
    """{period: {number of a domain that floods: frames it sent}}; a period begins at so many ms."""
    periods = {}
    for guest, frames, begin in re.findall(r"\(d(\d+)\) rally: (\d+) frames in the period from (\d+) ms\n",
                                           session.output()):
        periods.setdefault(int(begin), {})[int(guest)] = int(frames)
    return periods


with_goals = pytest.mark.parametrize("goal", [ECHO, WIRE], ids=["to the same guest", "to the wire"])


@with_goals
def test_round_trips_beside_a_flood_take_less_than_twice_their_time(machine, rally, pair, goal):
    alone, _ = mean_round_trip(machine, *pair)
    beside, flood = mean_round_trip(machine, rally("loud", LOUD, f"role=flood peer={goal}"), *pair)
    assert min(flood) < AFTER, "the flood came late"
    assert beside < 2 * alone, f"{beside} ns beside a flood, {alone} ns alone"


def frames_of_each(session, senders, periods):
    """{number: frames} in so many periods in which all of them sent."""
    common = []
    while len(common) < periods:
        session.expect(r"frames in the period from \d+ ms\r?\n")
        common = [frames for frames in floods(session).values() if len(frames) == senders]
    return {guest: sum(frames[guest] for frames in common) for guest in common[0]}


@pytest.mark.parametrize(("goal", "processors"), [(ECHO, 1), (WIRE, 1), (ECHO, 4), (WIRE, 2)])
def test_who_sends_long_frames_gets_its_share_beside_a_flood_of_short_ones(machine, rally, goal, processors):
    session = machine("--icount", "--smp", processors, rally("echo", ECHO, "role=echo"),
                      rally("loud", LOUD, f"role=flood peer={goal}"),
                      rally("other", OTHER, f"role=flood peer={goal} size=1514"))
    loud, other = (frames for _, frames in sorted(frames_of_each(session, 2, 2).items()))
    assert other >= 0.9 * (loud + other) / 2, f"{other} frames beside {loud}"


def test_a_guest_that_takes_nothing_slows_nobody(machine, rally, pair):
    alone, _ = mean_round_trip(machine, *pair)
    beside, flood = mean_round_trip(machine, rally("mute", LOUD, "role=mute"),
                                    rally("loud", OTHER, f"role=flood peer={LOUD}"), *pair)
    assert min(flood) < AFTER, "the flood came late"
    assert beside < 2 * alone, f"{beside} ns beside a stalled guest, {alone} ns alone"


def test_a_guest_that_declares_pages_without_an_end_slows_nobody(machine, rally, networker, pair):
    alone, _ = mean_round_trip(machine, *pair)
    rogue = networker("rogue", "rogue", f"peer={ECHO} after={AFTER - 50} only=declare", f"mac={LOUD}")
    session = machine("--icount", rogue, *pair)
    session.expect("rogue: declares")
    beside = int(session.expect_match(ROUND_TRIPS))
    assert beside < 2 * alone, f"{beside} ns beside a guest that declares pages, {alone} ns alone"
