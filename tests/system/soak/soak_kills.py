# SPDX-License-Identifier: MIT
"""A thousand times the network domain is killed under a hundred TCP connections."""
import json
import statistics

import outage_picture
from campaign import AFTER_US, Campaign
from flows import echo_server

FLOWS = 100
MOST_OUTAGE_MS = 100    # in 99 of 100


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def test_connections_outlive_every_kill_of_the_network(machine, networker, kills, record_property, tmp_path):
    with echo_server() as port:
        campaign = Campaign(machine, networker, port, FLOWS)
        sent_before, received_before = campaign.frames_between_guests()
        outages = campaign.kill(kills)
        standing = campaign.await_bytes(1)
        sent, received = campaign.frames_between_guests()
    report = {"kills": kills, "flows": FLOWS, "flows_broken": standing.broken, "bytes_wrong": standing.wrong,
              "kill_after_us": [AFTER_US, 2 * AFTER_US],
              "outage_us": {"median": statistics.median(outages), "p99": percentile(outages, 0.99),
                            "longest": max(outages)},
              "frames_sent": sent - sent_before, "frames_lost": (sent - sent_before) - (received - received_before),
              "outages_us": outages}
    (tmp_path / "kills.json").write_text(json.dumps(report))
    (tmp_path / "outages.svg").write_text(outage_picture.draw(outages))
    record_property("kills", json.dumps({key: value for key, value in report.items() if key != "outages_us"}))
    print(report)
    assert len(outages) == kills
    assert (standing.open, standing.broken, standing.wrong) == (FLOWS, 0, 0)
    assert report["outage_us"]["p99"] <= MOST_OUTAGE_MS * 1000
