# SPDX-License-Identifier: MIT
"""Debian's own kernels as guests, as packaged."""
import urllib.request

import pytest

from granitelib.errors import Exit
from last_words import told
from linux_guest import LinuxGuest, complaints, write_cfg

GENEROUS_S = 300


@pytest.mark.parametrize("series, settings", [("6.1", {"memory": 96}), ("6.12", {"memory": 256, "vcpus": 4})])
def test_a_kernel_as_packaged_gets_to_user_space_and_ends(granite, tmp_path, series, settings):
    cfg = write_cfg(tmp_path, "linux", series, vif=[], extra='quiet run="poweroff"', **settings)
    done = granite("run", "--headless", "--nic", "none", "--smp", 2, "--until-shutdown", cfg)
    assert done.returncode == Exit.OK, told(done)
    assert f"guest: linux {series}." in done.stdout and f" cpus={settings.get('vcpus', 1)} " in done.stdout
    assert not complaints(done.stdout)


def test_a_panic_of_the_guest_is_a_crash(granite, tmp_path):
    cfg = write_cfg(tmp_path, "linux", "6.1", vif=[], on_crash="destroy",
                    extra='quiet run="echo c >/proc/sysrq-trigger"')
    done = granite("run", "--headless", "--nic", "none", "--until-shutdown", cfg)
    assert done.returncode == Exit.GUEST_CRASHED, told(done)
    assert "linux shut down: crash" in done.stdout


@pytest.fixture
def session(machine, app, tmp_path, port):
    cfg = write_cfg(tmp_path, "linux", "6.1", extra="quiet", vcpus=4)
    session = machine("--smp", 4, "--forward", f"{port}:linux:80", "--at-hand", cfg, app("hello")).wait_empty()
    return session


def page(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=GENEROUS_S) as answer:
        return answer.read().decode()


def test_a_linux_guest_lives_among_others_and_leaves_nothing_behind(session, port):
    before = session.free_frames() + session.frames_for_handles()
    linux = LinuxGuest(session, "linux").create().is_up()

    assert "<h1>Debian Linux guest</h1>" in page(port)

    session.send_shell("xl console linux")
    session.type("\r")
    session.expect("/ # ")
    session.type("echo $((6 * 7)) cpus=$(nproc)\r")
    session.expect("42 cpus=4")
    session.type("\x1d")

    session.send_shell("xl sysrq linux h")
    session.expect(r"\(d\d+\) [^\n]*sysrq: HELP")

    linux.shut_down()
    assert session.free_frames() + session.frames_for_handles() == before
    linux.create().is_up().shut_down()
    assert session.free_frames() + session.frames_for_handles() == before
    assert session.audit().startswith("audit: ok")
    assert not complaints(session.output())
