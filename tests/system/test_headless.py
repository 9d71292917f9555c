# SPDX-License-Identifier: MIT
"""A run without a person: nobody is prompted, the monitor still answers."""
import signal

from granitelib.errors import Exit
from last_words import told
from machine_session import shut_down_line

PROMPT = "granite> "


def test_a_headless_run_has_no_shell(machine, app, granite):
    session = machine("--headless", "--nic", "none", app("web"), app("hello")).wait_ready(shut_down_line("hello"))
    for _ in range(2):      # the second question finds the input where the first one left it
        done = granite("inspect", "domains")
        assert done.returncode == 0, done.stderr
        assert " web" in done.stdout
    assert session.audit().startswith("audit: ok")
    assert PROMPT not in session.output()
    assert session.end_by(signal.SIGINT) == Exit.INTERRUPTED


def test_the_shell_of_a_headless_run_can_be_asked_for(granite, app):
    done = granite("run", "--headless", "--nic", "none", "--dom0-cmdline", "shell=on", "--until", PROMPT,
                   "--timeout", 500, app("hello"))
    assert done.returncode == Exit.OK, told(done)


def test_a_run_that_is_terminated_leaves_no_machine_behind(machine, app):
    session = machine("--headless", "--nic", "none", app("web")).wait_ready()
    folder = session.serial_socket.readlink().parent
    assert folder.exists()
    assert session.end_by(signal.SIGTERM) == Exit.TERMINATED
    assert not folder.exists()      # it goes after QEMU has ended
