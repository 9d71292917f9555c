# SPDX-License-Identifier: MIT
"""Many Linux guests share one machine."""
import concurrent.futures
import urllib.request

from linux_guest import complaints, write_cfg

GUESTS = 8
PAGES_EACH = 3
GENEROUS_S = 300


def page(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=GENEROUS_S) as answer:
        return answer.read().decode()


def pages(port):
    return [page(port) for _ in range(PAGES_EACH)]


def test_many_guests_serve_pages_in_2_gb(machine, tmp_path, free_port):
    names = [f"linux{number}" for number in range(GUESTS)]
    ports = {name: free_port() for name in names}
    forwards = [word for name in names for word in ("--forward", f"{ports[name]}:{name}:80")]
    cfgs = [write_cfg(tmp_path, name, "6.1", extra="quiet") for name in names]
    session = machine("--memory", "2G", "--smp", 2, *forwards, *cfgs)
    for _ in names:
        session.expect(r"\(d\d+\) guest: ready")
    with concurrent.futures.ThreadPoolExecutor(GUESTS) as pool:
        for served in pool.map(pages, ports.values()):
            assert all("<h1>Debian Linux guest</h1>" in each for each in served)
    assert not complaints(session.output())
