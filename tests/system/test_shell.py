# SPDX-License-Identifier: MIT
"""The driver domain's shell looks at a guest from outside."""
import re

import pytest

from machine_session import lines_of

DETACH = "\x1d"     # Ctrl-]
COLUMNS = "Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path"


@pytest.fixture
def session(machine, app):
    return machine(app("web")).wait_ready(r"\(d1\) [^\n]*listening")


def test_network_list_has_the_columns_of_xen(session):
    heading, row = session.shell_lines("xl network-list web")
    assert heading == COLUMNS
    assert re.fullmatch(r"0   0  [0-9a-f:]{17}      0     4 +\d+ +\d+/\d+ +/local/domain/0/backend/vif/1/0", row)


def test_network_list_tells_more_when_asked(session):
    answer = session.shell_until("xl network-list -v web", lambda text: "tx: 0 packets" not in text)
    heading, row, mode, queue, sent, given, dropped = lines_of(answer)
    assert [heading, row] == session.shell_lines("xl network-list web")
    assert re.fullmatch(r"    mode: (copy|mapped) \(auto\), \d+ pages declared", mode)
    rings = re.search(r"(\d+)/(\d+) ", row)
    assert f"tx-ring-ref {rings[1]}, rx-ring-ref {rings[2]}," in queue
    assert re.fullmatch(r"    tx: [1-9]\d* packets, [1-9]\d* bytes", sent)
    assert re.fullmatch(r"    rx: \d+ packets, \d+ bytes", given)
    assert dropped.startswith("    dropped:")


def test_attaching_to_a_console_shows_what_was_said_before(session):
    session.send_shell("xl console web")
    session.expect(r"xl console web\r*\n")      # the echo
    assert "(d1)" not in session.expect("listening")    # as the guest said it
    session.type(DETACH + "xl domid web\r")     # what comes in one piece with it is for the shell
    session.expect(r"xl domid web\r*\n1\r*\n")


def test_top_has_the_columns_of_xentop(session):
    first, second = (session.shell_lines("xl top -b -i 1") for _ in range(2))
    assert first[0].split()[:4] == ["NAME", "STATE", "CPU(sec)", "CPU(%)"]
    assert [row.split()[0] for row in first[1:]] == ["Domain-0", "web"]
    assert second[0] == first[0]


def test_top_refreshes_does_what_keys_say_and_quits(session):
    session.send_shell("xl top -d 1")
    for _ in range(2):
        session.expect(r"2 domains: 1 running")
    session.expect("keys: Networks on, Sort by processor, Quit")
    session.type("N")
    session.expect(r"\nNet0 RX: +\d+bytes +\d+pkts  TX: +\d+bytes +\d+pkts +\d+drop\r?\n")
    session.type("S")
    session.expect("keys: Networks off, Sort by memory, Quit")
    session.type("q")
    assert "\nweb " in session.shell("xl list")
