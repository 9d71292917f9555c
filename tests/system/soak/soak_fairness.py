# SPDX-License-Identifier: MIT
"""Linux beside a guest that floods by short frames: what it sends, and how long answers take, in virtual time."""
import re

from granitelib.linux import images
from linux_guest import complaints, write_cfg

OTHER = "10.0.2.20"
NOBODY = "10.0.2.77"    # whose frames the same guest gets, and lets fall: it would refuse its own
OTHER_MAC, LOUD_MAC = "00:16:3e:00:00:01", "00:16:3e:00:00:02"
SENT = "/sys/class/net/eth0/statistics/tx_packets"
# One report after the other: the mean of so many round trips, then frames of 1442 bytes sent in half a second.
FLOW = f"dd if=/dev/zero bs=1400 >/dev/udp/{NOBODY}/9"
WORK = (f"arp -s {NOBODY} {OTHER_MAC}; while :; do ping -q -A -c 300 {OTHER}; bash -c 'exec {FLOW}' & "
        f"sleep 0.1; before=$(cat {SENT}); sleep 0.5; echo sent $(($(cat {SENT}) - before)); kill $!; done")
# Of a round trip of 58 us of one processor Linux itself takes 39. With no more weight than the others it waits
# for its third of the processor, whatever the network does.
WEIGHT = 512
PINGED = r"round-trip min/avg/max = [\d.]+/([\d.]+)/"
GENEROUS_S = 1800


def report(session):
    """(mean of round trips in ms, frames)"""
    return (float(session.expect_match(PINGED, GENEROUS_S)), int(session.expect_match(r"sent (\d+)\r?\n", GENEROUS_S)))


def test_linux_keeps_its_share_and_its_round_trip_beside_a_flood_of_short_frames(machine, networker, tmp_path):
    other = networker("other", "web", f"ip={OTHER}/24", f"mac={OTHER_MAC}")
    loud = networker("loud", "rally", f"role=flood peer={OTHER_MAC}", f"mac={LOUD_MAC}")
    linux = write_cfg(tmp_path, "linux", "6.1", images.debian, memory=512, cpu_weight=WEIGHT,
                      extra=f'quiet ip=10.0.2.31/24 run="{WORK}"')
    session = machine("--icount", other, loud, linux).wait_ready()
    session.shell("xl network-mode linux 0 copy")   # and no queue of the card's, in which answers wait for its interrupts
    session.shell("xl pause loud")
    report(session)
    trip, sent = report(session)
    session.shell("xl unpause loud")
    report(session)     # of which the flood saw a part
    trip_beside, sent_beside = report(session)
    floods = re.findall(r"rally: (\d+) frames in the period", session.output())
    assert int(floods[-1]) > 0
    assert trip_beside < 2 * trip, f"{trip_beside} ms beside a flood, {trip} ms alone"
    assert sent_beside >= 0.9 * sent / 2, f"{sent_beside} frames beside a flood, {sent} alone"
    assert not complaints(session.output())
