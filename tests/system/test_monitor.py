# SPDX-License-Identifier: MIT
"""The monitor's answers, for people and for programs."""
import json
import re
import subprocess

import pexpect

from machine_session import GENEROUS_S, GRANITE


def test_domains_are_listed_for_programs(machine, app, granite):
    machine("--nic", "none", app("web")).wait_ready()
    done = granite("inspect", "-j", "domains")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"web"} <= {row["name"] for row in rows}
    assert all({"id", "name", "state"} <= set(row) for row in rows)


def test_an_unknown_command_is_refused(machine, app, granite):
    machine("--nic", "none", app("web")).wait_ready()
    done = granite("inspect", "domans")
    assert done.returncode == 1
    assert "domains" in done.stdout


def test_a_prompt_completes_what_is_typed_and_a_script_needs_none(machine, app):
    session = machine("--nic", "none", app("web")).wait_ready()
    command = [GRANITE, "inspect", "--socket", session.serial_socket]
    typing = pexpect.spawn(str(command[0]), [str(word) for word in command[1:]], encoding="utf-8", timeout=GENEROUS_S)
    typing.expect_exact("gr> ")
    typing.send("vcp\tweb\t\r")
    typing.expect_exact("vcpus web")
    typing.expect(r"\bd1v0 ")
    typing.expect_exact("gr> ")
    typing.sendeof()
    typing.expect(pexpect.EOF)
    done = subprocess.run(command, input="domains\nvcpu\n", capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "Domain-0" in done.stdout and "did you mean 'vcpus'?" in done.stdout and "gr>" not in done.stdout


def test_a_person_at_the_serial_line_completes_edits_recalls_and_turns_pages(machine, app):
    session = machine("--nic", "none", app("web")).wait_ready()
    session.expect("granite> ")     # comes last
    session.type("\x01\x01\x01")
    session.expect(r"\x1b\[6n")     # how large is the screen?
    session.type("\x1b[10;200R")
    session.expect("gr> ")
    session.type("vcp\tw\t\r")
    session.expect(r"\bd1v0 ")
    session.expect("gr> ")
    session.type("x\x1b[A\x1b[H\x1b[3~\x1b[F-j\r")      # cpus web -j
    session.expect('"cmd":"cpus web -j"')
    session.expect("gr> ")
    session.type("help\r")
    session.expect("COMMAND ")
    assert session.expect("--more--").count("\n") == 9
    assert "Domain-0" in "\n".join(session.ask("domains"))     # nobody else waits
    session.type("\r")
    assert session.expect("--more--").count("\n") == 1
    session.type("q")
    session.expect("gr> ")
    session.type("\x01\x01\x01\r")
    session.expect("granite> ")
    session.type("xl domi\tw\t\r")
    session.expect(r"domid web \r*\n1\r*\n")


def test_without_a_machine_nobody_answers(granite):
    assert granite("inspect", "domains").returncode == 2


def test_a_frozen_machine_answers_and_goes_on_when_thawed(machine, app):
    session = machine("--nic", "none", "--smp", 2, app("web")).wait_ready()
    assert session.ask("freeze") == ["2 domains stopped"]
    rows = [json.loads(line) for line in session.ask("cpus -j")]
    assert [row["runs"] for row in rows if "runs" in row] == ["-", "-"]
    assert session.audit().startswith("audit: ok")
    assert session.ask("thaw") == ["2 domains go on"]
    assert "\nweb " in session.shell("xl list")


def test_what_only_the_driver_domain_knows_is_asked_of_it(machine, app, granite):
    session = machine("--nic", "igb", app("web")).wait_ready(r"\(d1\) [^\n]*listening")
    rows = [json.loads(line) for line in session.ask("queues -j")]
    vif = f"vif{session.domains()['web']}.0"
    assert [("nic0", "common")] == [(row["card"], row["kind"]) for row in rows if "card" in row]
    assert {vif} == {row["vif"] for row in rows if "vif" in row}
    assert [row["rx_requests"] + row["with_card"] > 0 for row in rows if "rx_requests" in row] == [True]
    text = granite("inspect", "queues")
    assert text.returncode == 0 and "\nnic0 " in text.stdout
    assert "\nnic0 " in session.shell("xl monitor queues")


PREEMPTION_LIMIT = 100_000      # instructions; under --icount the clock counts them


def cost(session, line):
    """Steps, instructions of all, and of the longest."""
    steps, together, longest = map(int, re.findall(r"\d+", session.ask(line + " -v")[-1]))
    return steps, together, longest


# DS-1: not even by who asks for everything there is
def test_no_command_holds_anybody_up_for_long(machine, app):
    session = machine("--icount", "--nic", "igb", app("web")).wait_ready(r"\(d1\) [^\n]*listening")
    commands = [row["command"] for line in session.ask("help -j") if "command" in (row := json.loads(line))]
    granted = next(row["mfn"] for line in session.ask("maptrack 0 -j") if "mfn" in (row := json.loads(line)))
    more = ["prof on", "trace on", f"frames {granted}", "pt 0 0x400000", "ptdump 0", "ptentries 0 1 0x400000",
            "trace 256", "prof 500", "prof off", "trace off"]
    asked_elsewhere = {"panic", "queues", "walk", "heap", "failheap", "pt", "ptdump", "ptentries", "prof", "trace"}
    costs = {line: cost(session, line) for line in [*more, *(c for c in commands if c not in asked_elsewhere)]}
    for line, (steps, together, longest) in costs.items():
        print(f"{line:20} {steps:6} steps {together:12,} together {longest:8,} longest")
    assert not {line: c for line, c in costs.items() if c[2] > PREEMPTION_LIMIT}
    assert all(costs[line][0] > 10 for line in ("frames", "grants", "maptrack", f"frames {granted}", "ptdump 0", "audit"))
    assert costs["audit"][1] < 10_000_000
    assert "audit: ok" in session.shell("xl monitor audit")
    session.send_shell("xl debug-keys tqb")
    session.expect("SYSTEM_NS")
    session.expect("Domain-0")
    session.expect("audit: ok")


def test_interrupts_are_counted_by_kind(machine, app):
    session = machine("--nic", "igb", app("web")).wait_ready()
    rows = [row for line in session.ask("irqs -j") if "what" in (row := json.loads(line))]
    counts = {row["what"]: row["count"] for row in rows}
    assert counts["timer"] > 0 and counts["serial"] > 0 and counts["unknown"] == 0
    assert any(row["state"] == "open" and row["port"].startswith("d0 port ") for row in rows)


def profile(session):
    """{who: samples}, and the rows of the hypervisor's functions."""
    rows = [json.loads(line) for line in session.ask("prof 500 -j")]
    owners = {row["who"]: row["samples"] for row in rows if "who" in row and "address" not in row}
    return owners, [row for row in rows if row.get("who") == "granite" and "function" in row]


# EX-2: NMIs come anywhere, also on the entry paths, and all goes on
def test_time_is_charged_by_sampling_to_guests_and_to_functions_also_where_interrupts_are_off(machine, burn, granite):
    session = machine("--nic", "none", "--smp", 2, burn("burner", extra="from=0 for=10000000")).wait_ready()
    burner = f"d{session.domains()['burner']}"
    assert session.ask("prof on") == ["sampling is on"]
    enough, owners = 200, {}
    while min(owners.get("granite", 0), sum(owners.values())) < enough:
        session.audit()     # interrupts stay off meanwhile
        owners, functions = profile(session)
    assert session.ask("prof off") == ["sampling is off"]
    assert {"granite", burner} <= owners.keys()
    assert any("Standstill" in row["function"] or "mm::" in row["function"] for row in functions)
    before = profile(session)
    assert profile(session) == before       # nothing comes any more
    named = granite("inspect", "prof", "1000").stdout
    assert re.search(rf"^{burner} .* main$", named, re.MULTILINE), named
    assert [row for row in functions if row["function"] not in named] == []
