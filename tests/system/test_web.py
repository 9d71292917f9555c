# SPDX-License-Identifier: MIT
"""A page from inside: NIC, bridge, netback, netfront, TCP, and back."""
import concurrent.futures
import json
import socket
import urllib.request
import zlib

import pytest

GENEROUS_S = 120
BIG_SIZE = 10_000_000


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def site(machine, app, port):
    session = machine("--forward", f"{port}:web:80", app("web"))
    session.wait_ready()
    session.expect(r"\(d1\) [^\n]*listening")
    return f"http://127.0.0.1:{port}"


def fetch(url):
    with urllib.request.urlopen(url, timeout=GENEROUS_S) as answer:
        return answer.headers, answer.read()


def check_page(site):
    _, body = fetch(site + "/")
    assert body.startswith(b"<!doctype html>") and b"<h1>Granite web guest</h1>" in body
    assert body.endswith(b"</html>\n")


def test_a_thousand_requests_one_after_another(site):
    for _ in range(1000):
        check_page(site)


def test_fifty_requests_at_once(site):
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        for done in [pool.submit(check_page, site) for _ in range(50)]:
            done.result()


def test_figures_are_live(site):
    first, second = (json.loads(fetch(site + "/stats")[1]) for _ in range(2))
    assert set(first) == set(second)
    assert first != second


def test_a_large_download_is_whole(site):
    headers, body = fetch(site + "/big")
    assert len(body) == BIG_SIZE
    assert zlib.crc32(body) == int(headers["X-Crc32"], 16)
