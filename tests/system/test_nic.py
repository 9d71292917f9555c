# SPDX-License-Identifier: MIT
"""What happens to cards: a cable that is pulled, a reset in the middle of traffic."""
import concurrent.futures
import contextlib
import threading
import urllib.request
import zlib

import pytest

from card_resets import resets
from machine_session import lines_of
from qmp import Hands

GENEROUS_S = 300
RESETS = 3


@pytest.fixture(params=["igb", "e1000e", "virtio-net"])
def nic(request):
    return request.param


with_queues = pytest.mark.parametrize("nic", ["igb"], indirect=True)


@pytest.fixture
def site(machine, app, port, tmp_path, nic):
    """A session with a guest that serves pages, its address, and hands on the machine."""
    socket = tmp_path / "qmp.sock"
    session = machine("--nic", nic, *Hands.arguments(socket), "--forward", f"{port}:web:80", app("web"))
    session.wait_ready(r"\(d1\) [^\n]*listening")
    hands = Hands(socket)
    yield session, f"http://127.0.0.1:{port}", hands
    hands.close()


def reset_card(session):
    before = resets(session)
    session.shell("xl nic-reset 0")
    resets(session, before)


def queues_are_used(session, many):
    session.shell_until("xl nic-list", lambda answer: lines_of(answer)[-1].endswith(f" {many}/7"))


def is_whole(url):
    with urllib.request.urlopen(url + "/big", timeout=GENEROUS_S) as answer:
        return zlib.crc32(answer.read()) == int(answer.headers["X-Crc32"], 16)


def keep_downloading(url, enough):
    whole = True
    while not enough.is_set():
        whole = is_whole(url) and whole
    return whole


@contextlib.contextmanager
def downloads(url):
    """One after another, and when the body has ended, all of them were whole."""
    enough = threading.Event()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        all_whole = pool.submit(keep_downloading, url, enough)
        try:
            yield
        finally:
            enough.set()
        assert all_whole.result()


def test_downloads_survive_a_pulled_cable(site):
    session, url, hands = site
    session.shell_until("xl nic-list", lambda text: " up " in text)
    with downloads(url):
        for up in (False, True, False, True):
            hands.set_link(up)
            session.shell_until("xl nic-list", lambda text, word=" up " if up else " down ": word in text)


def test_downloads_survive_resets_of_the_card(site):
    session, url, _ = site
    with downloads(url):
        for _ in range(RESETS):
            reset_card(session)
    assert "no card '7'" in session.shell("xl nic-reset 7")


@with_queues
def test_a_busy_guest_gets_a_queue_of_the_card_while_there_is_a_link(site):
    session, url, hands = site
    with downloads(url):
        session.shell_until("xl network-list -v web", lambda text: "mode: queue by the card (auto)" in text)
        queues_are_used(session, 1)
        hands.set_link(False)
        session.shell_until("xl network-list -v web", lambda text: "mode: mapped (auto)" in text)
        hands.set_link(True)
        session.shell_until("xl network-list -v web", lambda text: "mode: queue by the card (auto)" in text)
        reset_card(session)


@with_queues
def test_who_asks_by_name_gets_a_queue_without_traffic(site):
    session, url, _ = site
    session.shell("xl network-mode web 0 queue")
    session.shell_until("xl network-list -v web", lambda text: "mode: queue by the card," in text)
    assert is_whole(url)
    session.shell("xl network-mode web 0 copy")
    session.shell_until("xl network-list -v web", lambda text: "mode: copy," in text)
    queues_are_used(session, 0)
    assert is_whole(url)
