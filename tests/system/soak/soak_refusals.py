# SPDX-License-Identifier: MIT
"""Every place in driver domains that asks for memory is refused it once, under TCP connections."""
import re

import pytest

from campaign import Campaign
from flows import echo_server
from held import heap
from starved import Starved

FLOWS = 20
MOST_PLACES = 1000
MODES = ["copy", "queue", "auto"]
REFUSED = r"\(d1\) memory is refused to "


# LC-3: refused anywhere, the network says so and is served again, and its guests lose frames alone
def test_each_place_of_the_network_that_is_refused_memory(machine, networker):
    with echo_server() as port:
        campaign = Campaign(machine, networker, port, FLOWS)
        session = campaign.session

        def free_of_a_new_life():
            # With its work begun, as it takes pages for handles when it maps what guests lend.
            session.shell("xl driver-restart network")
            session.shell("xl nic-list -v")
            campaign.await_bytes(1)
            return session.free_frames() + session.frames_for_handles()

        before = free_of_a_new_life()
        refused = 0
        for place in range(1, MOST_PLACES):
            session.shell(f"xl driver-restart network refuse={place}")
            session.shell("xl nic-list -v")
            session.shell(f"xl network-mode inner 0 {MODES[place % len(MODES)]}")
            standing = campaign.await_bytes(1)
            refused = len(re.findall(REFUSED, session.output()))
            if refused < place:
                break
        assert free_of_a_new_life() >= before
    print(f"{refused} places")
    assert 50 < refused < MOST_PLACES - 1
    assert (standing.open, standing.broken, standing.wrong) == (FLOWS, 0, 0)


# LC-3: refused anywhere, the driver domain is served from its reserve or says what it cannot do, and goes on
@pytest.mark.parametrize("apart", [True, False], ids=["network-apart", "one-domain"])
def test_each_place_of_the_driver_domain_that_is_refused_memory(machine, networker, app, apart):
    with echo_server() as port:
        starved = Starved(machine, networker, port, FLOWS, app, apart)
        starved.round()     # what is allocated once and kept
        before = heap(starved.session)
        places = starved.starve_all()
        after = heap(starved.session)
    grown = after["used"] - before["used"]
    print(f"{places} places refused, {after['uses']} times served from the reserve, heap's use grew by {grown} bytes")
    assert places > 150
    assert grown < 128 << 10    # what consoles and tables keep
    assert not re.search(r"panic|crash", starved.session.output())
