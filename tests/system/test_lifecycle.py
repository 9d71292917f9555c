# SPDX-License-Identifier: MIT
"""Guests come and go and leave nothing behind."""
import json


def free_frames(session):
    """By the monitor's own count of frames that nobody owns."""
    rows = [json.loads(line) for line in session.ask("frames -j")]
    return next(row["frames"] for row in rows if row.get("owner") == "free")


def domains(session):
    rows = [json.loads(line) for line in session.ask("domains -j")]
    return [row["id"] for row in rows if "name" in row]


def wait_for_end(session):
    session.expect(r"\(GR\) d\d+ hello shut down: poweroff")
    while domains(session) != [0]:
        pass    # the toolstack is still taking it apart


def create_and_destroy(session):
    session.send_shell("xl create hello.cfg")
    wait_for_end(session)


def test_a_hundred_guests_leave_no_frame_behind(machine, app):
    session = machine("--nic", "none", app("hello")).wait_ready()
    wait_for_end(session)           # the one started at boot
    create_and_destroy(session)     # what is allocated once and kept
    before = free_frames(session)
    for _ in range(100):
        create_and_destroy(session)
        assert session.audit().startswith("audit: ok")
    assert free_frames(session) == before


def test_a_running_guest_can_be_paused_and_destroyed(machine, app):
    session = machine("--nic", "none", app("web")).wait_ready()
    assert "\nweb " in session.shell("xl list")
    session.shell("xl pause web")
    assert "--p---" in session.shell("xl list")
    session.shell("xl unpause web")
    session.shell("xl destroy web")
    assert "\nweb " not in session.shell("xl list")
