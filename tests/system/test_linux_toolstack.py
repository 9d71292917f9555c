# SPDX-License-Identifier: MIT
"""xl's verbs steer a Linux guest as they do on Xen."""
import hashlib
import random
import string
import urllib.request

import pytest

from granitelib.linux import guest, images, kernel
from granitelib.linux.packages import Unavailable
from linux_console import LinuxConsole
from machine_session import GENEROUS_S

END_OF_FILE = "\x04"
UP = r"\(d\d+\) guest: ready\r*\n"


@pytest.fixture
def linux_cfg(tmp_path):
    """Writes the cfg of a guest called `linux`, of the first series that this distribution offers."""
    def write(**settings):
        for series in kernel.SERIES:
            try:
                its_kernel = kernel.kernel(series)
            except Unavailable as error:
                reason = str(error)
                continue
            return guest.write(tmp_path, "linux", its_kernel, images.small(series), **{"extra": "quiet ip=off", **settings})
        return pytest.skip(reason)
    return write


def row_of(answer, name):
    """The row of `xl list` as its words, or None."""
    return next((row.split() for row in answer.splitlines() if row.startswith(f"{name} ")), None)


def listed(session, name):
    return row_of(session.shell("xl list"), name)


def wait_for_memory(session, mib):
    """The balloon takes its time."""
    session.shell_until("xl list", lambda answer: row_of(answer, "linux")[2] == str(mib))


def free_mib(session):
    return session.free_frames() / 256


def test_memory_given_back_is_free_and_memory_given_again_is_used(machine, app, linux_cfg):
    cfg = linux_cfg(memory=128, maxmem=256)
    session = machine("--nic", "none", "--at-hand", cfg, app("hello")).wait_empty()
    free_before = free_mib(session)
    session.send_shell("xl create linux.cfg")
    session.expect(UP)
    free_with_linux = free_mib(session)

    session.shell("xl mem-set linux 100")
    wait_for_memory(session, 100)
    assert 27 < free_mib(session) - free_with_linux < 29
    assert session.audit().startswith("audit: ok")

    session.shell("xl mem-set linux 256")
    wait_for_memory(session, 256)
    with LinuxConsole(session, "linux") as console:
        # More than it had room for before; a file system that keeps every byte in memory.
        console.run("mkdir /big; mount -t tmpfs -o size=130m big /big; head -c 120m /dev/zero > /big/file")
        assert hashlib.md5(bytes(120 << 20)).hexdigest() in console.run("md5sum /big/file")

    assert "up to its maximum of 256 MiB" in session.shell("xl mem-set linux 257")
    assert "cannot be less" in session.shell("xl mem-max linux 200")
    session.shell("xl shutdown -w linux")
    session.has_gone("linux")
    # The hypervisor's heap may keep a frame for the next guest's structures.
    assert 0 <= free_before - free_mib(session) < 0.1


def test_a_guest_that_restarts_keeps_its_name_and_its_network(machine, linux_cfg, port):
    cfg = linux_cfg(extra="quiet", vif=["bridge=xenbr0"])
    session = machine("--forward", f"{port}:linux:80", cfg).wait_ready(UP)

    def page():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=GENEROUS_S) as answer:
            return answer.read()
    assert b"<h1>Debian Linux guest</h1>" in page()
    session.shell("xl rename linux penguin")
    assert listed(session, "linux") is None
    assert listed(session, "penguin")[1] == "1"

    session.shell("xl network-attach penguin mac=00:16:3e:00:00:77")
    with LinuxConsole(session, "penguin") as console:
        console.run("until [ -e /sys/class/net/eth1 ]; do usleep 10000; done")
        assert "00:16:3e:00:00:77" in console.run("ip link set eth1 up; ip link show eth1")
    assert len(session.shell("xl network-list penguin").strip().splitlines()) == 3
    assert not session.shell("xl network-detach penguin 00:16:3e:00:00:77").strip("\r\n")
    assert len(session.shell("xl network-list penguin").strip().splitlines()) == 2

    session.send_shell("xl reboot penguin")
    session.expect(r"\(GR\) d1 penguin shut down: reboot")
    session.expect(UP)
    assert listed(session, "penguin")[1] == "2"
    assert b"<h1>Debian Linux guest</h1>" in page()
    assert "/local/domain/1/" not in session.shell("xenstore-ls -f")


def test_nothing_pasted_or_printed_on_a_console_is_lost(machine, linux_cfg):
    session = machine("--nic", "none", linux_cfg()).wait_ready(UP)
    letters = random.Random(1)
    text = "".join("".join(letters.choices(string.ascii_letters, k=70)) + "\n" for _ in range(500))
    with LinuxConsole(session, "linux") as console:
        console.type("cat > /tmp/pasted\r")
        console.type(text + END_OF_FILE)
        assert hashlib.md5(text.encode()).hexdigest() in console.run("md5sum /tmp/pasted")
        assert console.run("cat /tmp/pasted") == text

    session.send_shell("xl sysrq linux h")
    session.expect(r"sysrq: HELP")
    session.send_shell("xl trigger linux nmi")
    session.expect(r"NMI received")


def test_a_panic_is_a_crash_and_the_guest_is_kept_when_that_is_asked_for(machine, linux_cfg):
    cfg = linux_cfg(on_crash="preserve", extra="quiet ip=off sysrq_always_enabled")
    session = machine("--nic", "none", cfg).wait_ready(UP)
    session.send_shell("xl sysrq linux c")
    # By ways of their own: the guest's words by its console's ring.
    session.expect_each(r"Kernel panic", r"\(GR\) d1 linux shut down: crash", r"linux: kept for inspection")
    assert listed(session, "linux")[4] == "---sc-"
    session.shell("xl destroy linux")
    assert listed(session, "linux") is None
