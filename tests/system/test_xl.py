# SPDX-License-Identifier: MIT
"""What the toolstack's verbs print: Xen's columns, and complaints that say what to do."""
import re

import pytest

from granitelib import paths
from machine_session import Session

APPS = paths.ROOT / "guest-pv" / "apps"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("xl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANITE_RUN", str(folder))
        session = Session(folder / "serial.sock", folder / "serial.log",
                          ["--nic", "none", "--at-hand", APPS / "burn/burn.cfg", APPS / "web/web.cfg"])
    yield session.wait_ready()
    session.close()


@pytest.mark.parametrize("command, lines", [
    ("xl list", [r"Name {40}ID   Mem VCPUs\tState\tTime\(s\)", r"Domain-0 {37}0 +\d+ {5}1 {5}[-rb]{2}---- +\d+\.\d",
                 r"web {42}1 {4}32 {5}1 {5}[-rb]{2}---- +\d+\.\d"]),
    ("xl list -v web", [r"Name .*Time\(s\)   UUID {28}Reason-Code\tSecurity Label", rf"web .* {UUID} {{8}}- {{16}}-"]),
    ("xl list -l web", [r"\[",
                        r' {4}\{"domid": 1, "config": \{"c_info": \{"type": "pv", "name": "web", .*'
                        r'"target_memkb": 32768\}\}, "online_vcpus": 1, .*\}', r"\]"]),
    ("xl vm-list", ["UUID {34}ID {4}name", rf"{UUID}  0 {{4}}Domain-0", rf"{UUID}  1 {{4}}web"]),
    ("xl domid web", ["1"]),
    ("xl domname 1", ["web"]),
    ("xl uptime web", ["Name {32}ID Uptime", r"web {34}1 0 days, 00:\d\d:\d\d"]),
    ("xl vcpu-list web", [r"Name {32}ID  VCPU   CPU State   Time\(s\) Affinity \(Hard / Soft\)",
                          r"web {34}1 {5}0 {5}0   [-r][-b]- +\d+\.\d  all / all"]),
    ("xl sched-credit -d web", ["Name {32}ID Weight  Cap", "web {34}1 {4}256    0"]),
    ("xl help pause", [r"  xl pause DOMAIN +stop a guest where it is"]),
    ("xl unpause --help", [r"  xl unpause DOMAIN +let it go on"]),
])
def test_verbs_answer_in_columns(session, command, lines):
    answer = session.shell_lines(command)
    assert len(answer) == len(lines) and all(map(re.fullmatch, lines, answer)), answer


@pytest.mark.parametrize("command, last", [
    ("xl lst", "xl: unknown command 'lst', did you mean 'list'?"),
    ("xl nonsense", "xl: unknown command 'nonsense'; 'help' lists them"),
    ("xl migrate", "xl: 'migrate' is not supported by Granite: guests cannot be moved to another machine"),
    ("xl destroy", "usage: xl destroy DOMAIN"),
    ("xl create -x", "xl create: unknown option -x; it takes -p -c -q -F"),
    ("xl pause -x", "xl pause: unknown option -x; it takes none"),
    ("xl pause wbe", "xl pause: 'wbe' is an invalid domain identifier, did you mean 'web'?"),
    ("xl pause 77", "xl pause: '77' is an invalid domain identifier; 'xl list' shows who is there"),
    ("xl unpause web", "xl unpause: it is not paused"),
    ("xl monitor", "usage: xl monitor COMMAND ..."),
    ("xl create bur.cfg", "xl create: no file 'bur.cfg' in the boot archive, did you mean 'burn.cfg'?"),
    ("xl create burn.cfg vcpu=2", "xl create: command line:1: vcpu: unknown key, did you mean 'vcpus'?"),
    ("xl create burn.cfg 'name=\"web\"'", "xl create: a domain named 'web' exists already; 'name=\"...\"' gives another"),
    ("xl network-attach web bridg=x", "xl network-attach: unknown key 'bridg', did you mean 'bridge'?"),
    ("xl vcpu-set web 9", "xl vcpu-set: '9' is not a number from 1 to 1"),
    ("xl vcpu-pin web 0 2-3", "xl vcpu-pin: '2-3' has none of the machine's processors, 0 to 0"),
    ("xl trigger web init", "xl trigger: 'init' cannot be sent to a paravirtual guest, only 'nmi'"),
    ("xenstore-read /nothing", "xenstore-read: /nothing: no such thing"),
    ("hlp", "unknown command 'hlp', did you mean 'help'?"),
])
def test_complaints_name_verb_and_thing_and_what_to_do(session, command, last):
    assert session.shell_lines(command)[-1] == last


def test_too_large_a_guest_is_told_how_much_there_is(session):
    answer = session.shell_lines("xl create burn.cfg memory=4000")
    assert answer[0] == "Parsing config from burn.cfg"
    assert re.fullmatch(r"xl create: burn: not enough memory: it takes 4000 MiB and \d+ MiB are free; 'xl list' shows who has "
                        r"the rest, 'xl mem-set' takes some back", answer[1])


def test_info_has_the_lines_of_xen(session):
    keys = [line.split(" : ")[0].split(":")[0].strip() for line in session.shell_lines("xl info")]
    assert {"host", "machine", "nr_cpus", "cpu_mhz", "virt_caps", "total_memory", "free_memory", "xen_major", "xen_version",
            "xen_caps", "xen_scheduler", "xen_pagesize", "platform_params", "xen_changeset", "xen_commandline",
            "cc_compiler", "xend_config_format"} <= set(keys)


def test_a_shutdown_that_waits_says_for_whom(session):
    session.shell("xl create web.cfg 'name=\"other\"'")
    number = session.domains()["other"]
    session.send_shell("xl shutdown -w other")
    for line in (f"Shutting down domain {number}", "Waiting for 1 domains", f"Domain {number} has been shut down"):
        session.expect(line)
