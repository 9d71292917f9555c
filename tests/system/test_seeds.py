# SPDX-License-Identifier: MIT
"""Known mistakes (tests/seeds) are told in words that lead to them."""
import re
import socket
import subprocess

import pytest

from granitelib import paths
from machine_session import Session, shut_down_line
from ports import free_ports

SEEDED = paths.BUILD / "seeded"
HELLO = paths.ROOT / "guest-pv/apps/hello/hello.cfg"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """Starts machines of the seeded build. Their audits fail, as they should."""
    sessions = []
    with pytest.MonkeyPatch.context() as patch:
        def start(*arguments):
            folder = tmp_path_factory.mktemp("seeded")
            patch.setenv("B", str(SEEDED))
            patch.setenv("GRANITE_RUN", str(folder))
            sessions.append(Session(folder / "serial.sock", folder / "serial.log", arguments))
            return sessions[-1]
        yield start
        for session in sessions:
            session.close()


@pytest.fixture(scope="module")
def web_machine(seeded, tmp_path_factory):
    """A machine whose guest has crashed, for a client hung up; it is audited, and then its driver domain crashes."""
    cfg = tmp_path_factory.mktemp("web") / "web.cfg"
    cfg.write_text(f'name = "web"\nkernel = "{SEEDED}/guests/web.elf"\nmemory = 32\nvif = [""]\n')
    with free_ports() as find:
        port = find()
        session = seeded("--forward", f"{port}:web:80", "--at-hand", cfg, HELLO).wait_empty()
        session.ask("trace on map unmap exception")     # before anything of the guest's is mapped
        session.send_shell("xl create web.cfg")
        session.expect(r"\(d2\) [^\n]*listening")
        socket.create_connection(("127.0.0.1", port)).close()
    session.expect(shut_down_line("web", "crash"))
    session.expect(r"\(d0\) web: crashed and is destroyed")
    session.shell_until("xl monitor domains", lambda said: re.search(r" web +dead ", said))
    session.findings = session.ask("audit")
    session.send_shell("xl uptime")
    assert session.status() == 5    # a failed audit is the worst of all this
    return session


def said_by(speaker, session):
    """Its lines alone: others may come in between."""
    return "".join(f"{line}\n" for line in session.output().splitlines() if line.startswith(f"({speaker}) "))


def source_of(image, address):
    return subprocess.run(["addr2line", "-e", image, "-aipfC", address], stdout=subprocess.PIPE, text=True,
                          check=True).stdout


def test_a_crash_of_a_guest_names_cause_function_and_last_events(web_machine):
    report = said_by("d2", web_machine)
    assert "(d2) unhandled page fault: 0x10 was read, which is not mapped; vector 0xe, error 0x0\n" in report
    assert re.search(r"\(d2\)   rip [0-9a-f]{16}  flg", report)
    place = re.search(r"call trace:\n\(d2\)   ([0-9a-f]{16}) web::\(anonymous namespace\)::Client::on_receive", report)
    assert "server.cpp:" in source_of(SEEDED / "guests" / "web.elf.debug", place[1])
    assert re.search(r"its last events, the newest first:\n(?:.*\n)*?\(GR\) .* d2v0 .* page fault at 0x10\n",
                     said_by("GR", web_machine))
    assert '(d0) web: crashed and is destroyed; with on_crash="preserve" it can be looked at' in web_machine.output()


def test_a_failed_audit_names_frames_owner_both_counts_and_who_used_them(web_machine):
    table = "\n".join(web_machine.findings)
    assert re.search(r"^references   frames? .* 1        0 d2 web \(dead\), writable$", table, re.MULTILINE)
    frame = re.search(r"^references   frames? (0x[0-9a-f]+) ", table, re.MULTILINE)[1]
    assert re.search(rf"^ +{frame} d2 +writable ", table, re.MULTILINE)
    events = table.partition(f"last events of frame {frame}, the newest first:\n")[2].splitlines()
    assert re.search(rf"d0v0 +unmap .*gref \d+ of d2, frame {frame}$", events[0])
    assert re.search(rf"d0v0 +map .*frame {frame}$", events[1])
    assert re.fullmatch(r"audit: \d+ differences", web_machine.findings[-1])


def test_a_crash_of_the_driver_domain_names_the_command_that_failed(web_machine):
    report = said_by("d0", web_machine).partition("(d0) unhandled page fault: ")[2]
    assert re.search(r"call trace:\n\(d0\)   [0-9a-f]{16} control::\(anonymous namespace\)::uptime \+ ", report)
    end = said_by("GR", web_machine).partition("(GR) PANIC the initial domain crashed\n")[2]
    assert re.search(r"cpu 0 on behalf of d0 Domain-0 vcpu 0\n\(GR\) its kernel mode was at .*, in sched_op \(0x2, ", end)


def test_a_panic_names_cause_guest_call_and_function(seeded, app):
    session = seeded("--nic", "none", app("burn"))
    assert session.status() == 4
    report = session.output().partition("(GR) PANIC exception in the hypervisor\n")[2]
    assert re.search(r"\(GR\) page fault: 0x[0-9a-f]{1,4} was read, which is not mapped\n", report)
    assert re.search(r"\(GR\) cpu 0 on behalf of d1 burn vcpu 0\n"
                     r"\(GR\) its kernel mode was at 0x[0-9a-f]+, in vcpu_op \(0x0, 0x1, ", report)
    place = re.search(r"\(GR\) backtrace:\n\(GR\)   (0x[0-9a-f]+) hypercall::vcpu_op \+ ", report)
    assert "vcpu_op.cpp:" in source_of(SEEDED / "granite.elf", place[1])
    assert "addr2line -e build/granite.elf" in report


# D11: a mistake whose harm is one guest's ends that one
def test_a_broken_promise_to_one_guest_ends_it_alone_and_names_the_function(seeded, tmp_path):
    cfg = tmp_path / "events.cfg"
    cfg.write_text(f'name = "events"\nkernel = "{paths.BUILD}/tests/guest/events.elf"\nmemory = 16\n')
    session = seeded("--nic", "none", cfg)
    session.expect(shut_down_line("events", "crash"))
    session.has_gone("events")
    said = said_by("GR", session)
    assert "assertion failed: (used_[p / 64] & bit_of(p)) != 0 at kernel/evtchn/channels.cpp:" in said
    assert re.search(r"\(GR\) cpu 0 on behalf of d1 events vcpu 0\n"
                     r"\(GR\) its kernel mode was at 0x[0-9a-f]+, in event_channel_op \(0x3, ", said)
    assert re.search(r"\(GR\) backtrace:\n(?:.*\n)*?\(GR\)   0x[0-9a-f]+ evtchn::", said)
    assert "d1 events crashed: the hypervisor has lost count of something of its" in said
    assert "Domain-0" in session.shell("xl list")
