# SPDX-License-Identifier: MIT
"""The monitor's answers, for people and for programs."""
import json


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
