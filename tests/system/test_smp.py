# SPDX-License-Identifier: MIT
"""Several processors: all of them start, guests come and go on them, and one that fails stops the others."""
import json

import pytest

from test_lifecycle import create_and_destroy


@pytest.mark.parametrize("cpus", [2, 4, 8])
def test_every_processor_starts(machine, app, cpus):
    session = machine("--nic", "none", "--smp", cpus, "--cmdline", "dom0_vcpus_pin", app("hello")).wait_empty()
    rows = [json.loads(line) for line in session.ask("version -j")]
    assert next(row["cpus"] for row in rows if "cpus" in row) == cpus
    _, *vcpus = session.shell_lines("xl vcpu-list Domain-0")
    assert [line.split()[-3:] for line in vcpus] == [[str(number), "/", "all"] for number in range(cpus)]


def test_guests_are_audited_while_they_run_on_four_processors(machine, app):
    session = machine("--nic", "none", "--smp", 4, app("hello")).wait_empty()
    create_and_destroy(session)
    before = session.free_frames()
    for _ in range(5):
        session.send_shell("xl create hello.cfg")
        assert session.audit().startswith("audit: ok")
        session.has_ended("hello")
        assert session.audit().startswith("audit: ok")
    assert session.free_frames() == before


def test_a_panic_stops_all_processors(machine, app):
    session = machine("--nic", "none", "--smp", 4, app("hello")).wait_ready()
    session.type("\x01\x01\x01")
    session.expect("gr> ")
    session.type("panic\r")
    session.expect(r"\(GR\) PANIC asked for by the monitor\r?\n")
    session.expect(r"\(GR\) backtrace:")
    assert session.status() == 4
