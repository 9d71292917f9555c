# SPDX-License-Identifier: MIT
"""A debugger on the running machine knows domains, frames, grants and stacks."""
import re

import pytest

from granitelib import paths
from machine_session import Session


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("gdb")


@pytest.fixture(scope="module", autouse=True)
def session(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANITE_RUN", str(folder))
        session = Session(folder / "serial.sock", folder / "serial.log",
                          ["--smp", 2, paths.ROOT / "guest-pv/apps/web/web.cfg"])
    yield session.wait_ready(r"\(d1\) [^\n]*listening")
    session.close()


@pytest.fixture
def gdb(granite, folder, monkeypatch):
    """Answers and complaints of the debugger to these commands; the machine goes on behind them."""
    def ask(*commands):
        monkeypatch.setenv("GRANITE_RUN", str(folder))
        done = granite("gdb", "--batch", *(word for command in (*commands, "detach") for word in ("--ex", command)))
        assert done.returncode == 0 and "Python Exception" not in done.stderr, done.stderr
        return done.stdout, done.stderr
    return ask


def test_commands_show_domains_their_books_and_what_was_traced(gdb, session):
    session.ask("trace on")
    ring = re.search(r" (\d+)/\d+ ", session.shell_lines("xl network-list web")[1])[1]
    said, refused = gdb("granite", "granite domains", "granite vcpus web", "granite grants d1", "granite evtchn 1",
                        "granite maptrack 0", f"granite ring 1 {ring}", "granite frame 1", "p mm::frame_table.records[1]",
                        "granite trace 400", "granite frame", "granite frame x", "granite grants 77")
    assert "granite frame MFN -- " in said
    assert re.search(r"^d1 web: running, 1 vcpus, 8192 of 8448 pages, \d+ references$", said, re.MULTILINE)
    assert re.search(r"^d1v0: \w+, cpu [01], kernel mode at 0x[0-9a-f]+ rt::", said, re.MULTILINE)
    grants = len(re.findall(r"^gref \d+: mfn 0x[0-9a-f]+ used by d0: ", said, re.MULTILINE))
    assert grants > 0 and f"\n{grants} grants of d1 are in use\n" in said
    assert f"\nd0 has mapped {grants} grants\n" in said
    assert re.search(r"^port 1: interdomain to d0 port \d+, vcpu 0$", said, re.MULTILINE)
    assert re.search(r"^ring in frame 0x[0-9a-f]+: \d+ requests .*, 0 with the backend$", said, re.MULTILINE)
    assert said.count("frame 0x1 of granite: 1 references, none 0 times") == 2
    times = [int(time) for time in re.findall(r"^ *(\d+) ns  cpu [01]  d0v0 +call ", said, re.MULTILINE)]
    assert times == sorted(times) and times
    assert "usage: granite frame MFN" in refused and "granite frame: invalid" in refused
    assert "there is no domain 77" in refused


def test_a_breakpoint_in_the_hypervisor_shows_the_way_back_into_the_guest(gdb, session):
    session.type("xl list\r")   # somebody will make a hypercall
    said, _ = gdb("tbreak syscall_entry", "continue", "granite backtrace")
    hypervisor, guest = said.split("\nhypervisor:\n")[1].split(" vcpu 0, ")
    assert " syscall_entry at " in hypervisor and " syscall_common at arch/cpu/entry.S:" in hypervisor
    assert re.search(r"^  0x[0-9a-f]+ rt::", guest, re.MULTILINE)
    assert session.audit().startswith("audit: ok")


def test_without_a_machine_there_is_nothing_to_debug(granite):
    done = granite("gdb")
    assert done.returncode == 2 and "scripts/granite gdb --boot" in done.stderr
