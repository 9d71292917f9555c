# SPDX-License-Identifier: MIT
"""What becomes of a guest that ends is what its configuration says."""
import re

import pytest


@pytest.fixture
def session(machine, app):
    """A machine with `hello`, which powers off, and `crash` at hand; none of them is running."""
    return machine("--nic", "none", "--at-hand", app("crash"), app("hello")).wait_empty()


def state_of(session, name):
    row = re.search(rf"^{name} .*", session.shell("xl list"), re.MULTILINE)
    return row and row[0].split()[4]


@pytest.mark.parametrize("name, key, reason, letters",
                         [("hello", "on_poweroff", "poweroff", "---s--"), ("crash", "on_crash", "crash", "---sc-")])
def test_a_guest_is_kept_when_that_is_asked_for(session, name, key, reason, letters):
    session.send_shell(f"""xl create {name}.cfg '{key}="preserve"'""")
    session.expect(rf"\(GR\) d2 {name} shut down: {reason}")
    session.expect(f"{name}: kept for inspection")
    assert state_of(session, name) == letters
    session.shell(f"xl destroy {name}")
    assert state_of(session, name) is None


@pytest.mark.parametrize("name, key, reason", [("hello", "on_poweroff", "poweroff"), ("crash", "on_crash", "crash")])
def test_a_guest_starts_again_when_that_is_asked_for(session, name, key, reason):
    session.send_shell(f"""xl create {name}.cfg '{key}="restart"'""")
    for number in (2, 3, 4):
        session.expect(rf"\(GR\) d{number} {name} shut down: {reason}")


@pytest.mark.parametrize("name, reason", [("hello", "poweroff"), ("crash", "crash")])
def test_a_guest_is_gone_when_nothing_is_asked_for(session, name, reason):
    session.send_shell(f"xl create {name}.cfg")
    session.expect(rf"\(GR\) d2 {name} shut down: {reason}")
    session.shell_until("xl list", lambda answer: f"\n{name} " not in answer)


def test_a_paused_guest_begins_when_it_is_let_go(session):
    session.shell("xl create -p hello.cfg")
    assert state_of(session, "hello") == "--p---"
    session.send_shell("xl unpause hello")
    session.expect(r"\(GR\) d2 hello shut down: poweroff")


def test_creating_with_a_console_shows_all_and_ends_with_the_guest(session):
    said = session.shell("xl create -c hello.cfg")
    assert "hello" in said.replace("Parsing config from hello.cfg", "")
