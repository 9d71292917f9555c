# SPDX-License-Identifier: MIT
"""Every place in the network domain that asks for memory is refused it once, each in a life of its own."""
import re

from campaign import Campaign
from flows import echo_server

FLOWS = 20
MOST_PLACES = 1000
MODES = ["copy", "queue", "auto"]
REFUSED = r"\(d1\) memory is refused to "


# LC-3: refused anywhere, the network says so and is served again, and its guests lose frames alone
def test_each_place_of_the_network_that_is_refused_memory(machine, networker):
    with echo_server() as port:
        campaign = Campaign(machine, networker, port, FLOWS)
        session = campaign.session
        session.shell("xl driver-restart network")  # what is allocated once and kept
        before = session.free_frames() + session.frames_for_handles()
        refused = 0
        for place in range(1, MOST_PLACES):
            session.shell(f"xl driver-restart network refuse={place}")
            session.shell("xl nic-list -v")
            session.shell(f"xl network-mode inner 0 {MODES[place % len(MODES)]}")
            standing = campaign.await_bytes(1)
            refused = len(re.findall(REFUSED, session.output()))
            if refused < place:
                break
        session.shell("xl driver-restart network")
        assert session.free_frames() + session.frames_for_handles() >= before
    print(f"{refused} places")
    assert 50 < refused < MOST_PLACES - 1
    assert (standing.open, standing.broken, standing.wrong) == (FLOWS, 0, 0)
