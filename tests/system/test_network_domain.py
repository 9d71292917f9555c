# SPDX-License-Identifier: MIT
"""The network in a domain of its own, which ends and starts again under guests that notice nothing but lost frames."""
import json
import pathlib
import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from campaign import Campaign
from flows import echo_server
from pages import GENEROUS_S, check_big, check_page, fetch
from ports import free_ports

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESTARTS = 3
GOES_ON = "goes on where another backend has ended"


@pytest.fixture(scope="module")
def port():
    with free_ports() as find:
        yield find()


@pytest.fixture(scope="module")
def session(shared_machine, port):
    return shared_machine("--dom0-cmdline", "network=apart", "--forward", f"{port}:web:80",
                          ROOT / "guest-pv/apps/web/web.cfg").wait_ready(r"\(d2\) [^\n]*listening", "igb: link is up")


@pytest.fixture(scope="module")
def site(port):
    return f"http://127.0.0.1:{port}"


def restart(session):
    """For how many microseconds nobody served the interfaces."""
    session.send_shell("xl driver-restart network")
    # The link is up at once, for it has been all the time. What the network says itself comes by its console's ring.
    session.expect_each("igb: link is up", GOES_ON, r"not served for \d+ us")
    return int(re.findall(r"not served for (\d+) us", session.output())[-1])


def test_a_download_goes_on_while_the_network_starts_anew(session, site):
    before = session.output().count(GOES_ON)
    with urllib.request.urlopen(site + "/big", timeout=GENEROUS_S) as answer:
        body = answer.read(1000)
        for _ in range(RESTARTS):
            assert restart(session) > 0
        body += answer.read()
    check_big(answer.headers, body)
    assert session.output().count(GOES_ON) == before + RESTARTS
    assert session.domains()["network"] == 1    # others know it by this number


def test_nothing_is_left_of_the_domains_before(session, site):
    restart(session)    # what is allocated once and kept
    check_page(fetch(site + "/")[1])
    before = session.free_frames() + session.frames_for_handles()
    for _ in range(RESTARTS):
        restart(session)
        assert session.audit().startswith("audit: ok")
    assert session.free_frames() + session.frames_for_handles() >= before
    check_page(fetch(site + "/")[1])


def test_a_network_that_crashes_comes_back(session, site):
    session.send_shell("xl trigger network nmi")
    session.expect_each(r"\(GR\) d1 network shut down: crash", GOES_ON, "igb: link is up",
                        r"\(d0\) network: its interfaces were not served for \d+ us")
    check_page(fetch(site + "/")[1])


# LC-3: a network that is refused memory ends, says why, and is there again
def test_a_network_that_finds_no_memory_comes_back(session, site):
    session.send_shell("xl driver-restart network refuse=20")
    session.expect_each(r"\(d1\) memory is refused to \S+", r"\(d1\) panic: out of memory", GOES_ON, "igb: link is up",
                        r"\(d0\) network: its interfaces were not served for \d+ us")
    check_page(fetch(site + "/")[1])


def carried_something(top):
    """Whether the guest's row has its interface, and a KiB that was sent. Who answers late is left out of a round."""
    web = re.search(r"^ +web .*", top, re.MULTILINE)[0].split()
    interfaces, sent = web[-10:-8]
    return interfaces == "1" and int(sent) > 0


def test_what_the_network_knows_is_told_from_its_own_domain(session, site):
    fetch(site + "/")
    assert re.search(r"\n0 +igb .* up +\d/\d\s+rx: [1-9]\d* packets", session.shell("xl nic-list -v"))
    session.shell("xl network-mode web 0 copy")     # not by a card, which it would have if it is busy
    said = session.shell_until("xl network-list -v web", lambda text: "mode: copy, " in text)
    assert re.search(r"rx: [1-9]\d* packets", said)
    session.shell_until("xl top -b -i 1", carried_something)
    rows = [json.loads(line) for line in session.ask("queues -j")]
    assert [row["by"] for row in rows if row.get("vif") == "vif2.0" and "by" in row] == ["dom1"]
    with ThreadPoolExecutor() as beside:
        walk = beside.submit(session.ask, "walk next web rx")
        while not walk.done():
            fetch(site + "/")
    walked = "\n".join(walk.result())
    assert re.search(r"d1v0 +driver .*d1v0 +netback .*d2 +netfront ", walked, re.DOTALL), walked
    session.shell("xl network-mode web 0 auto")


def test_only_driver_domains_start_anew_and_back_interfaces(session):
    assert "web is no driver domain" in session.shell("xl driver-restart web")
    assert "backend=web: no such driver domain" in session.shell("xl network-attach web backend=web")


def test_connections_outlive_a_network_that_is_killed_anywhere(machine, networker):
    with echo_server() as port:
        campaign = Campaign(machine, networker, port, flows=20)
        outages = campaign.kill(RESTARTS)
        standing = campaign.await_bytes(1)
    assert (standing.open, standing.broken, standing.wrong) == (20, 0, 0)
    assert max(outages) < 100_000       # of the machine's own time


def test_who_is_created_without_a_network_hears_of_it(machine, app):
    session = machine("--dom0-cmdline", "network=apart", "--at-hand", app("web"), app("hello")).wait_empty()
    session.shell("xl destroy network")
    session.send_shell("xl create web.cfg")
    session.expect("there is no network to serve the interface")
    assert "there is no network" in session.shell("xl nic-list")
