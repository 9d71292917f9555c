# SPDX-License-Identifier: MIT
"""Places in the hypervisor and in the driver domain that ask for memory are refused it."""
import json
import re

import pytest

from flows import Flows, echo_server
from held import heap
from starved import Starved

SHORT = "the driver domain is short of memory"
MANY = 40   # tries, of which each fails at another place
# What needs memory for its answer, and what keeps some from then on.
QUESTIONS = ["audit", "frames", "grants 0", "links"]
RECORDS = ["trace on", "trace 5", "trace off", "prof on", "prof", "prof off"]


def sites(session):
    rows = [json.loads(line) for line in session.ask("failalloc -j")]
    return [row for row in rows if "site" in row]


def ask_all(session, questions):
    """Each until it has an answer: one refusal for each place that asks for memory."""
    for question in questions:
        while "memory" in " ".join(session.ask(question)):
            pass


def create(session):
    """Tries until the guest serves; what was said of each failure."""
    failures = []
    for _ in range(MANY):
        said = session.shell("xl create web.cfg")
        if "xl create:" not in said:
            return failures
        failures.append(said.strip().splitlines()[-1])
    raise AssertionError(failures)


# LC-3: refused anywhere, a guest is not created, says so, and nothing is lost; the next try goes further
def test_each_place_that_is_refused_memory_leaves_all_as_it_was(machine, app):
    session = machine("--cmdline", "faults=on", "--at-hand", app("web"), app("hello")).wait_empty()
    before = session.free_frames() + session.frames_for_handles()
    session.ask("failalloc each")
    ask_all(session, ["failalloc"])
    failures = create(session)
    session.expect("web: listening on")
    assert len(failures) >= 8
    assert all(re.search(r"web: cannot .*: not enough memory$", line) for line in failures), failures
    ask_all(session, QUESTIONS)
    session.shell("xl destroy web")
    session.has_gone("web")
    assert session.free_frames() + session.frames_for_handles() == before
    ask_all(session, RECORDS)
    assert all(site["refused"] == 1 for site in sites(session)), sites(session)
    session.ask("failalloc off")


# LC-3: others wait for a driver domain, so one that cannot be started is tried again
def test_a_network_that_is_refused_memory_while_it_starts_anew_is_there_in_the_end(machine, networker):
    with echo_server() as port:
        flows = Flows(machine, networker, port, 10, "--icount")
        session = flows.session
        session.shell("xl driver-restart network")  # what is allocated once and kept
        before = session.free_frames() + session.frames_for_handles()
        session.ask("failalloc each")
        ask_all(session, ["failalloc"])
        session.send_shell("xl driver-restart network")
        session.expect("igb: link is up")
        assert flows.all_go_on()
        failures = re.findall(r"\(d0\) network: cannot [^\n]*: not enough memory; next attempt in \d+ s\n",
                              session.output())
        assert len(failures) >= 8, failures
        assert sum(site["refused"] for site in sites(session)) >= len(failures)
        session.ask("failalloc off")
        session.shell("xl driver-restart network")
        assert session.free_frames() + session.frames_for_handles() >= before
        assert flows.all_go_on()


# LC-3: the driver domain is served from its reserve, or says what it cannot do; soak_refusals.py has every place
@pytest.mark.parametrize("apart", [True, False], ids=["network-apart", "one-domain"])
def test_a_driver_domain_that_is_refused_memory_goes_on(machine, networker, app, apart):
    with echo_server() as port:
        starved = Starved(machine, networker, port, 10, app, apart)
        assert starved.starve_once() >= 10
        assert heap(starved.session)["uses"] > 0


# LC-3: nobody gets more of a driver domain that is short of memory, and what there is goes on
def test_without_memory_a_driver_domain_takes_on_nothing_more(machine, networker, app):
    with echo_server() as port:
        starved = Starved(machine, networker, port, 10, app, apart=False)
        session = starved.session
        session.ask("failheap all")
        session.shell_until("xl create web.cfg", lambda said: SHORT in said)
        session.shell_until("xl network-attach echo", lambda said: SHORT in said)
        assert {"echo", "inner", "outer"} <= set(session.shell("xl list").split())
        assert starved.all_go_on()
        session.ask("failheap off")
        session.expect("the reserve of memory is whole again")
        assert "xl create:" not in session.shell("xl create web.cfg")
        session.expect("web: listening on")
        assert starved.all_go_on()


# LC-3: also while the machine comes up
@pytest.mark.parametrize("words", ["refuse=each", "refuse=each network=apart"])
def test_a_driver_domain_that_is_refused_memory_while_it_starts_is_there_in_the_end(machine, app, words):
    session = machine("--dom0-cmdline", words, "--at-hand", app("web"), app("hello"))
    session.wait_ready()
    session.shell_until("xl create web.cfg", lambda said: "xl create:" not in said)
    session.expect("web: listening on")
    assert len(re.findall(r"\(d0\) memory is refused to ", session.output())) > 100
