# SPDX-License-Identifier: MIT
"""What happened, on all CPUs: live, for a viewer, and behind a crash or a panic."""
import json
import pathlib
import xml.etree.ElementTree

import jsonschema
import pytest
from granitelib import trace_reader
from granitelib.monitor import Monitor
from machine_session import shut_down_line
from trace_check import check_causes, check_each_cpu, check_spans
from visits import visit, visitors

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "kernel" / "monitor" / "schema.json"
ROWS = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))


def test_a_trace_shows_who_did_what_and_goes_to_a_viewer(machine, app, granite, tmp_path):
    session = machine("--nic", "none", "--smp", 2, app("web")).wait_ready()
    assert session.ask("trace on") == ["tracing is on"]
    session.shell_until("xl list", lambda said: "web" in said)
    assert session.ask("trace off") == ["tracing is off"]
    rows = [row for line in session.ask("trace 50 -j") if "event" in (row := json.loads(line))]
    assert len(rows) == 50
    assert [row["ns"] for row in rows] == sorted(row["ns"] for row in rows)

    path = tmp_path / "trace.json"
    done = granite("inspect", "--chrome", path)
    assert done.returncode == 0, done.stderr
    shown = json.loads(path.read_text())["traceEvents"]
    spans = [record for record in shown if record["ph"] == "X"]
    assert {"console_io", "domctl"} <= {span["name"] for span in spans}   # its shell has answered
    assert all(span["dur"] >= 0 for span in spans)
    assert {"send", "interrupt"} <= {record["name"] for record in shown if record["ph"] == "i"}


@pytest.fixture
def visited(machine, app, port):
    """A machine with a web guest, and a way to have it visited while a test asks the machine."""
    session = machine("--nic", "igb", "--smp", 2, "--forward", f"{port}:web:80", app("web"))
    session.wait_ready("web: listening")

    visit(port)

    def visiting(ask):
        with visitors(port):
            return ask()
    return session, visiting


def test_a_trace_under_traffic_is_in_order_across_cpus_and_shows_the_driver_domain(visited, granite, tmp_path):
    session, visiting = visited
    path = tmp_path / "trace.json"
    done = visiting(lambda: granite("inspect", "--chrome", path, "--for", 1))
    assert done.returncode == 0, done.stderr
    written = json.loads(path.read_text())
    check_spans(written["traceEvents"])
    assert written["otherData"]["events"] > 100
    with Monitor(session.serial_socket) as monitor:
        events, _ = trace_reader.kept(monitor)
    check_each_cpu(events)
    assert check_causes(events) > 0
    assert len({row["cpu"] for row in events}) == 2
    marks = {row["what"].split(":")[0] for row in events if row["event"] == "mark"}
    assert {"card queue 0", "d1 rx 0", "d1 tx 0", "port 0 to port 1", "port 1 to port 0"} <= marks


def walk(session, visiting, words):
    rows = [json.loads(line) for line in visiting(lambda: session.ask(f"walk next web {words} -j"))]
    for row in rows:
        ROWS.validate({"walk": row})
    notes = [row["note"] for row in rows if "note" in row]
    return [row for row in rows if "station" in row], notes


def in_order(rows, *stations):
    """Whether these come, in this order, whatever comes between."""
    left = iter(row["station"] for row in rows)
    return all(station in left for station in stations)


def test_a_walk_follows_one_frame_either_way_and_in_every_mode(visited, granite, tmp_path):
    session, visiting = visited
    for mode, copied in (("guest-copy", True), ("mapped", True), ("copy", True), ("queue", False)):
        session.shell(f"xl network-mode web 0 {mode}")
        named = "queue by the card" if mode == "queue" else mode
        session.shell_until("xl network-list -v web", lambda said, named=named: f"mode: {named}" in said)
        rows, notes = walk(session, visiting, "rx")
        assert in_order(rows, "driver", *(["bridge"] if copied else []), "netback", "run", "netfront"), rows
        assert any(row["copied"] for row in rows) == copied
        assert any("grant" in row["what"] for row in rows if row["station"] == "grants") or mode != "copy"
        assert any("touched none of its bytes" in note for note in notes) != copied
        assert all(row["ns"] >= before["ns"] for before, row in zip(rows, rows[1:]))
        assert any(f"in mode {mode}" in note for note in notes), notes
        rows, _ = walk(session, visiting, "tx")
        assert in_order(rows, "netback", "bridge", "driver", "card"), rows
    path = tmp_path / "walk.svg"
    done = visiting(lambda: granite("inspect", "--svg", path, "walk", "next", "web"))
    assert done.returncode == 0, done.stderr
    assert len(list(xml.etree.ElementTree.parse(path).getroot().iter("{http://www.w3.org/2000/svg}circle"))) > 3


def test_a_walk_that_cannot_be_says_why(machine, app):
    session = machine("--nic", "none", app("hello")).wait_empty()
    assert session.ask("walk next nobody") == [
        "error: 'nobody' is an invalid domain identifier; 'xl list' shows who is there"]
    assert session.ask("walk d0") == ["error: walk next DOMAIN [rx|tx]"]
    assert session.ask("walk next 0") == ["error: d0 has no interface that is connected"]


def test_a_guest_that_crashes_leaves_its_last_events(machine, app, tmp_path):
    cfg = tmp_path / "crash.cfg"
    cfg.write_text(app("crash").read_text().replace("../../../build", str(app("crash").parents[3] / "build")))
    session = machine("--nic", "none", app("web"), cfg)
    session.expect(shut_down_line("crash", "crash"))
    session.has_gone("crash")
    assert "its last events" not in session.output()
    session.ask("trace on fault exception call")
    session.send_shell("xl create crash.cfg")
    session.expect(r"its last events, the newest first:")
    session.expect(r"\(GR\) \d+ ns  cpu 0  d\d+v0 ")


def test_a_panic_ends_with_the_last_events(machine, app):
    session = machine("--nic", "none", app("web")).wait_ready()
    session.ask("trace on")
    session.type("\x01\x01\x01")
    session.expect("Serial input to")
    session.type("panic\r")
    session.expect(r"\(GR\) PANIC asked for by the monitor")
    session.expect(r"\(GR\) last events, the newest first:")
    session.expect(r"\(GR\) \d+ ns  cpu 0  ")
    assert session.status() == 4
