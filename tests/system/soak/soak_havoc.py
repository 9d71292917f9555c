# SPDX-License-Identifier: MIT
"""Ten million random hypercalls of three guests on four processors, beside a guest that goes on serving pages."""
import itertools
import json
import os
import re
import time

from havoc import calls_made, write_cfg
from pages import check_page, fetch

CALLS = int(float(os.environ.get("CALLS", "1e7")))
GUESTS = 3
PAUSE_S = 0.5      # between pages: this machine is to make calls
GENEROUS_S = 3600   # for a page: how long it took is told by the guest's clock
LIFE = "steps=40000 then=reboot"    # each with another seed, by the clock


# NB-13 DS-1 LC-1: ten million of them, and not one page is late or wrong
def test_a_server_goes_on_beside_guests_that_make_random_hypercalls(machine, app, port, tmp_path):
    rogues = [write_cfg(tmp_path, f"havoc{n}", LIFE, on_reboot="restart", on_crash="restart") for n in range(GUESTS)]
    session = machine("--icount", "--smp", 4, "--nic", "igb", "--forward", f"{port}:web:80", app("web"), *rogues)
    session.wait_ready("web: listening")
    served = []     # when, by the guest's clock in ms
    while calls_made(session.output()) < CALLS:
        check_page(fetch(f"http://127.0.0.1:{port}/", GENEROUS_S)[1])
        served.append(json.loads(fetch(f"http://127.0.0.1:{port}/stats", GENEROUS_S)[1])["uptime_ms"])
        time.sleep(PAUSE_S)
        assert "PANIC" not in session.output()
    ended = len(re.findall(r"havoc\d shut down: crash", session.output()))
    print(f"{calls_made(session.output())} calls, {len(served)} pages, {ended} guests ended by what they did, "
          f"{max(later - earlier for earlier, later in itertools.pairwise(served))} ms at most between two pages")
