# SPDX-License-Identifier: MIT
"""Guests are created and destroyed again and again: not one frame, handle, port or node of the store stays."""
import json
import re

BATCH = 50      # cycles between two looks


def count_of_nodes(session):
    return len(session.shell_lines("xenstore-ls"))


def held(session):
    """What guests could leave behind: frames, grants mapped, channels, nodes."""
    domains = [json.loads(line) for line in session.ask("domains -j")]
    driver = next(row for row in domains if row.get("id") == 0)
    return {"frames": session.free_frames() + session.frames_for_handles(), "mapped": driver["mapped"],
            "channels": driver["channels"], "nodes": count_of_nodes(session), "domains": sorted(session.domains())}


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
