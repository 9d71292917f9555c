# SPDX-License-Identifier: MIT
"""The monitor's answers, for people and for programs."""
import json
import re


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
    assert all(row["function"] in named for row in functions)
