# SPDX-License-Identifier: MIT
"""Guests come and go and leave nothing behind."""
import re


def create_and_destroy(session):
    session.send_shell("xl create hello.cfg")
    session.has_ended("hello")


def test_a_hundred_guests_leave_no_frame_behind(machine, app):
    session = machine("--nic", "none", app("hello")).wait_empty()
    create_and_destroy(session)     # what is allocated once and kept
    before = session.free_frames()
    for _ in range(100):
        create_and_destroy(session)
        assert session.audit().startswith("audit: ok")
    assert session.free_frames() == before


def test_all_that_stays_of_a_guest_is_room_for_handles_in_the_driver_domain(machine, app):
    session = machine("--at-hand", app("web"), app("hello")).wait_empty()
    before = session.free_frames(), session.frames_for_handles()
    session.send_shell("xl create web.cfg")
    session.expect("web: listening on")
    session.shell("xl destroy web")
    session.has_gone("web")
    after = session.free_frames(), session.frames_for_handles()
    assert after[1] > before[1]     # netback maps all buffers of an interface
    assert sum(after) == sum(before)
    assert "state" not in session.shell("xenstore-ls /local/domain/0/backend")


def test_a_running_guest_can_be_paused_and_destroyed(machine, app):
    session = machine("--nic", "none", app("web")).wait_ready()
    assert "\nweb " in session.shell("xl list")
    session.shell("xl pause web")
    assert re.search(r"\nweb .* -[-b]p--- ", session.shell("xl list"))      # asleep or not when it was paused
    session.shell("xl unpause web")
    session.shell("xl destroy web")
    assert "\nweb " not in session.shell("xl list")
