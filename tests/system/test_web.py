# SPDX-License-Identifier: MIT
"""A page from inside: NIC, bridge, netback, netfront, TCP, and back."""
import http.client
import json
import pathlib
import time

import pytest

from pages import GENEROUS_S, check_big, check_page, fetch

LISTENING = "0A"      # a state in /proc/net/tcp


@pytest.fixture
def site(machine, app, port):
    session = machine("--forward", f"{port}:web:80", app("web"))
    session.wait_ready(r"\(d1\) [^\n]*listening")
    return f"http://127.0.0.1:{port}"


def test_a_thousand_requests_one_after_another(site):
    for _ in range(1000):
        check_page(fetch(site + "/")[1])


def not_accepted(port):
    """Connections that this machine has made and QEMU has not taken yet."""
    rows = [row.split() for row in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(int(row[4].split(":")[1], 16) for row in rows
               if row[1].endswith(f":{port:04X}") and row[3] == LISTENING)


def connect(port):
    """QEMU lets one connection wait; with more, a busy machine loses some before the guest hears of them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GENEROUS_S)
    connection.connect()
    while not_accepted(port) > 0:
        time.sleep(0.01)
    return connection


def test_fifty_requests_at_once(site, port):
    connections = [connect(port) for _ in range(50)]
    for connection in connections:
        connection.request("GET", "/")
    for connection in connections:
        check_page(connection.getresponse().read())


def test_figures_are_live(site):
    first, second = (json.loads(fetch(site + "/stats")[1]) for _ in range(2))
    assert set(first) == set(second)
    assert first != second


def test_a_large_download_is_whole(site):
    check_big(*fetch(site + "/big"))
