# SPDX-License-Identifier: MIT
"""Every place in the hypervisor that asks for memory is refused it once."""
import json
import re

from flows import Flows, echo_server

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
