# SPDX-License-Identifier: MIT
"""Guests are created and destroyed again and again: not one frame, handle, port or node of the store stays."""
import re

from held import held

BATCH = 50      # cycles between two looks


def create_and_destroy(session, options):
    """A guest with an interface, destroyed before it runs, or whatever it is just doing."""
    assert "xl create:" not in session.shell(f"xl create {options} web.cfg")
    session.shell("xl destroy web")
    session.has_gone("web")


# DS-4 XS-07 LC-2: nothing of a guest stays
def test_cycles_leave_nothing(machine, app, cycles):
    session = machine("--at-hand", app("web"), app("hello")).wait_empty()
    create_and_destroy(session, "")     # what is allocated once and kept
    before = held(session)
    for number in range(1, cycles + 1):
        create_and_destroy(session, "-p" if number % 4 else "")
        if number % BATCH == 0:
            assert held(session) == before, f"after {number} cycles"
            assert session.audit().startswith("audit: ok")
    assert not re.search(r"\(GR\) d\d+ .* crash", session.output())
