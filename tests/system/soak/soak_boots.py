# SPDX-License-Identifier: MIT
"""Linux gets up and goes down, however many processors and however much memory there is."""
import pytest

from granitelib.linux.kernel import SERIES
from linux_guest import LinuxGuest, complaints, write_cfg

LEAST_MB = {"6.1": 84, "6.12": 72}    # with the small root; with 4 MB less not on Xen either


def start(machine, app, cfg, cpus, memory="2G"):
    session = machine("--smp", cpus, "--memory", memory, "--at-hand", cfg, app("hello")).wait_empty()
    return session


def boot_and_end(session, times):
    """Each time all frames come back; some are allocated at the first and kept."""
    linux = LinuxGuest(session, "linux")
    linux.create().is_up().shut_down()
    before = session.free_frames()
    for _ in range(times):
        linux.create().is_up().shut_down()
        assert session.audit().startswith("audit: ok")
        assert session.free_frames() == before
    assert not complaints(session.output())


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("vcpus", [1, 4])
@pytest.mark.parametrize("memory", ["least", 256, 1024])
@pytest.mark.parametrize("cpus", [1, 2, 4])
def test_boots_of_every_shape(machine, app, tmp_path, series, vcpus, memory, cpus):
    cfg = write_cfg(tmp_path, "linux", series, vcpus=vcpus, extra="quiet",
                    memory=LEAST_MB[series] if memory == "least" else memory)
    boot_and_end(start(machine, app, cfg, cpus), 1)


@pytest.mark.parametrize("series", SERIES)
def test_boots_in_a_row(machine, app, tmp_path, rounds, series):
    cfg = write_cfg(tmp_path, "linux", series, vcpus=2, extra="quiet")
    boot_and_end(start(machine, app, cfg, 2), rounds)


def test_boots_by_reboot(machine, app, tmp_path, rounds):
    cfg = write_cfg(tmp_path, "linux", "6.1", extra="quiet")
    session = start(machine, app, cfg, 2)
    linux = LinuxGuest(session, "linux").create().is_up()
    for _ in range(rounds):
        session.send_shell("xl reboot linux")
        linux.is_up()
    linux.shut_down()
    assert not complaints(session.output())
