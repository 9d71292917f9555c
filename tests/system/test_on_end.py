# SPDX-License-Identifier: MIT
"""What becomes of a guest that ends is what its configuration says."""
import re

import pytest

from machine_session import shut_down_line


# {reason: a guest that ends for it, and the command that makes it, where it does not by itself}
ENDS = {"poweroff": ("hello", None), "crash": ("crash", None), "reboot": ("web", "xl reboot web")}


@pytest.fixture
def session(machine, app):
    """A machine with all of them at hand; none is running."""
    return machine("--nic", "none", "--at-hand", app("crash"), "--at-hand", app("web"), app("hello")).wait_empty()


def state_of(session, name):
    row = re.search(rf"^{name} .*", session.shell("xl list"), re.MULTILINE)
    return row and row[0].split()[4]


def create_and_end(session, reason, action=None):
    """A guest whose end is of this kind, and what its configuration says about that; its name."""
    name, request = ENDS[reason]
    session.send_shell(f"xl create {name}.cfg" + (f""" 'on_{reason}="{action}"'""" if action else ""))
    if request:
        session.send_shell(request)
    session.expect(shut_down_line(name, reason))
    return name


@pytest.mark.parametrize("reason, letters", [("poweroff", "---s--"), ("reboot", "---sr-"), ("crash", "---sc-")])
def test_a_guest_is_kept_when_that_is_asked_for(session, reason, letters):
    name = create_and_end(session, reason, "preserve")
    session.expect(f"{name}: kept for inspection")
    assert state_of(session, name) == letters
    session.shell(f"xl destroy {name}")
    assert state_of(session, name) is None


@pytest.mark.parametrize("reason", ["poweroff", "crash"])
def test_a_guest_starts_again_when_that_is_asked_for(session, reason):
    name = create_and_end(session, reason, "restart")
    for number in (3, 4):
        session.expect(rf"\(GR\) d{number} {name} shut down: {reason}")


def test_a_guest_that_crashes_each_time_starts_ever_later(session):
    session.send_shell("""xl create crash.cfg 'on_crash="restart"'""")
    for number, wait in ((3, 1), (4, 2)):
        session.expect(rf"\(GR\) d{number} crash shut down: crash")
        session.expect(rf"crash: crashes soon each time, starts again in {wait} s")


@pytest.mark.parametrize("action", [None, "destroy"])
@pytest.mark.parametrize("reason", ["poweroff", "crash"])
def test_a_guest_is_gone_when_nothing_else_is_asked_for(session, reason, action):
    name = create_and_end(session, reason, action)
    session.shell_until("xl list", lambda answer: f"\n{name} " not in answer)


def test_a_guest_that_reboots_is_gone_or_starts_again_as_asked_for(session):
    create_and_end(session, "reboot", "destroy")
    session.shell_until("xl list", lambda answer: "\nweb " not in answer)
    create_and_end(session, "reboot", "restart")
    session.shell_until("xl list", lambda answer: re.search(r"\nweb +4 ", answer))


def test_a_paused_guest_begins_when_it_is_let_go(session):
    session.shell("xl create -p hello.cfg")
    assert state_of(session, "hello") == "--p---"
    session.send_shell("xl unpause hello")
    session.expect(r"\(GR\) d2 hello shut down: poweroff")


def test_creating_with_a_console_shows_all_and_ends_with_the_guest(session):
    assert session.shell_lines("xl create -c hello.cfg") == ["Parsing config from hello.cfg", "Hello from a Granite guest"]
