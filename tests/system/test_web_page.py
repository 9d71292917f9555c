# SPDX-License-Identifier: MIT
"""The page that shows the machine: each view of a live machine under traffic, and of one with a hundred domains."""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import threading

import pytest

from browser import browser
from fake_machine import FakeMonitor
from granitelib.web.server import Server
from granitelib.web.source import Source
from machine_session import GRANITE, Session

ECHO, OTHER = "00:16:3e:00:00:02", "00:16:3e:00:00:03"
RALLY = GRANITE.parent.parent / "build" / "guests" / "rally.elf"
PERIODS, PERIOD_NS = 4, 250_000_000     # of the machine's time, for which a guest tells what it sent
MANY = 100
RIGHT, DOWN, ENTER = "\ue014", "\ue015", "\ue007"


def guest(folder, name, mac, role):
    cfg = folder / f"{name}.cfg"
    cfg.write_text(f'name = "{name}"\ntype = "pv"\nkernel = "{RALLY}"\nmemory = 32\nextra = "{role}"\n'
                   f'vif = ["mac={mac}"]\n')
    return cfg


@contextlib.contextmanager
def served(socket):
    """The address of the page that the host tool serves."""
    command = [GRANITE, "inspect", "--socket", socket, "--web", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().split()[1]
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def live(tmp_path_factory, page):       # the page first: without a browser no machine is needed
    """A machine whose guests send to each other, a frame each millisecond, and the address of its page."""
    with running(tmp_path_factory.mktemp("live"), "role=watch") as session:
        yield session


@contextlib.contextmanager
def running(folder, role, *options):
    """A machine with a guest of this role and one that it sends to, and the address of its page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANITE_RUN", str(folder / "run"))
        session = Session(folder / "run" / "serial.sock", folder / "serial.log",
                          [*options, "--nic", "none", guest(folder, "echo", ECHO, "role=echo"),
                           guest(folder, "other", OTHER, f"{role} peer={ECHO}")])
    try:
        session.wait_ready()
        with served(session.serial_socket) as address:
            session.address = address
            yield session
        assert session.audit().startswith("audit: ok")
    finally:
        session.close()


@pytest.fixture(scope="module")
def crowd():
    """The page of a machine with a hundred domains."""
    with Server(Source(pathlib.Path(os.devnull), FakeMonitor(MANY)), 0) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.port}/"
        server.shutdown()


def periods(session):
    """Frames that the guest that floods has sent in each period, by its own account."""
    return [int(frames) for frames in re.findall(r"rally: (\d+) frames in the period from \d+ ms\n", session.output())]


def ns_per_packet(session):
    """In the periods to come. Nobody asks the machine for it: that would cost, too, and the more, the slower this one is."""
    first = len(periods(session)) + 1       # one has begun
    while len(frames := periods(session)[first:]) < PERIODS:
        session.expect("frames in the period")
    return len(frames) * PERIOD_NS / sum(frames)


def test_domains_are_listed_with_what_they_cost(live, page):
    page.open(live.address + "#domains")
    row = "[...document.querySelectorAll('tbody tr')].find((r) => r.textContent.includes('other'))"
    page.until(f"{row} && /[1-9]/.test({row}.children[6].textContent)")     # hypercalls in a second
    assert page.run("return document.querySelectorAll('tbody tr').length") == 3
    page.run("document.querySelector('input[type=search]').focus()")
    page.press("other")
    page.until("document.querySelectorAll('tbody tr').length === 1")


def test_memory_is_drawn_by_owner_and_a_frame_is_found(live, page):
    page.open(live.address + "#memory")
    assert page.until("document.querySelectorAll('.owner').length") == 5        # three, Granite, and what is free
    page.until("[...document.querySelectorAll('.cell.swatch-writable')].some((c) => c.getAttribute('width') > 5)")
    page.run("document.querySelector('input[name=mfn]').focus()")
    page.press("0x100", ENTER)
    page.until("document.body.innerText.includes('Who refers to it')")


def test_page_tables_open_by_the_keyboard_down_to_the_pages(live, page):
    page.open(live.address + "#tables")
    page.until("document.querySelector('[role=treeitem]')")
    page.run("document.querySelector('[role=treeitem]').focus()")
    for level in (2, 3, 4):
        page.press(RIGHT)
        page.until("document.querySelector(`[role=treeitem][aria-level='${arguments[0]}']`)", level)
        page.press(RIGHT)
    assert page.run("return document.activeElement.ariaLevel") == "4"


def test_links_are_drawn_and_told_of_the_domain_that_is_chosen(live, page):
    page.open(live.address + "#links")
    page.until("document.querySelectorAll('.node').length === 3")
    page.run("document.querySelectorAll('.node')[1].focus()")
    page.press(ENTER)
    page.until("/interdomain\\s/.test(document.querySelector('main').innerText)")
    assert page.run("return document.querySelectorAll('.link.chosen').length") >= 1


def test_queues_are_shown_with_their_rates(live, page):
    page.open(live.address + "#queues")
    page.until("/vif1\\.0/.test(document.body.innerText) && /packets\\/s/.test(document.body.innerText)")
    page.until("[...document.querySelectorAll('td')].filter((c) => /^[1-9][0-9,.]+$/.test(c.textContent)).length > 4")


def test_a_packet_between_guests_is_followed(live, page):
    page.open(live.address + "#walk")
    page.until("document.querySelectorAll('#walker option').length === 2")
    page.click("main form button")
    page.until("document.querySelectorAll('.station').length > 3 && /netback/.test(document.querySelector('svg').textContent)")


def test_the_profile_begins_when_asked_to(live, page):
    page.open(live.address + "#profile")
    page.click("main button")
    page.until("document.querySelectorAll('.depth-1').length > 3")
    # The monitor does not know the driver domain's functions by name, the page does.
    page.until("/d0 Domain-0\\s+[A-Za-z_]/.test(document.querySelector('main').innerText)")
    page.click("main button + button")
    page.until("/sampling is off/.test(document.body.innerText)")


def test_packets_cost_less_than_a_hundredth_more_while_the_page_is_open(tmp_path, page):
    with running(tmp_path, "role=flood", "--icount") as busy:
        alone = ns_per_packet(busy)
        page.open(busy.address + "#domains")
        page.until("document.querySelectorAll('tbody tr').length === 3")
        watched = ns_per_packet(busy)
        page.open("about:blank")
    assert watched < 1.01 * alone, f"{watched} instructions a packet, {alone} alone"


@pytest.mark.parametrize("view, shown", [
    ("domains", "document.querySelectorAll('tbody tr').length === 101"),
    ("memory", "document.querySelectorAll('.owner').length === 103"),
    ("tables", "document.querySelectorAll('#domain option').length === 101"),
    ("links", "document.querySelectorAll('.link').length === 100"),
    ("queues", "document.querySelectorAll('tbody tr').length === 101"),
    ("profile", "document.querySelectorAll('.depth-1').length === 12"),
])
def test_a_hundred_domains_are_shown(crowd, page, view, shown):
    page.open(f"{crowd}#{view}")
    page.until(shown)
    # Nothing is wider than the window, so nobody scrolls sideways for the whole page.
    assert page.run("return document.documentElement.scrollWidth <= window.innerWidth")
    assert page.run("return [...document.querySelectorAll('svg')].every((s) => s.ariaLabel || s.getAttribute('aria-label'))")
    assert page.complaints() == []


def test_a_packet_is_followed_as_a_timeline(crowd, page):
    page.open(f"{crowd}#walk")
    page.until("document.querySelectorAll('#walker option').length === 100")
    page.click("main form button")
    page.until("document.querySelectorAll('.station').length === 8")


def test_tabs_are_moved_among_by_keys(crowd, page):
    page.open(crowd)
    page.run("document.querySelector('[role=tab][aria-selected=true]').focus()")
    page.press(RIGHT)
    page.until("location.hash === '#memory' && document.querySelector('#tab-memory').ariaSelected === 'true'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(crowd, page, scheme):
    page.emulate(scheme)
    page.open(f"{crowd}#domains")
    page.until("document.querySelectorAll('tbody tr').length === 101")
    least = page.run("""
        const luminance = (colour) => {
          const [r, g, b] = colour.match(/[0-9.]+/g).map((v) => v / 255)
            .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = (e) => {
          const colour = getComputedStyle(e).backgroundColor;
          return colour !== 'rgba(0, 0, 0, 0)' || !e.parentElement ? colour : ground(e.parentElement);
        };
        const contrast = (e) => {
          const [a, b] = [luminance(getComputedStyle(e).color), luminance(ground(e))].sort((x, y) => y - x);
          return (a + 0.05) / (b + 0.05);
        };
        return Math.min(...[...document.querySelectorAll('h1, [role=tab], #status, dt, dd, th, td, label')].map(contrast));
    """)
    assert least >= 4.5     # WCAG 2, AA
