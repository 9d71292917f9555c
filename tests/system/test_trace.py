# SPDX-License-Identifier: MIT
"""What happened, on all CPUs: live, for a viewer, and behind a crash or a panic."""
import json

from machine_session import shut_down_line


def test_a_trace_shows_who_did_what_and_goes_to_a_viewer(machine, app, granite, tmp_path):
    session = machine("--nic", "none", "--smp", 2, app("web")).wait_ready()
    assert session.ask("trace on") == ["tracing is on"]
    session.shell_until("xl list", lambda said: "web" in said)
    assert session.ask("trace off") == ["tracing is off"]
    rows = [row for line in session.ask("trace 100 -j") if "event" in (row := json.loads(line))]
    assert len(rows) == 100
    assert [row["ns"] for row in rows] == sorted(row["ns"] for row in rows)

    path = tmp_path / "trace.json"
    done = granite("inspect", "--chrome", path)
    assert done.returncode == 0, done.stderr
    shown = json.loads(path.read_text())["traceEvents"]
    spans = [record for record in shown if record["ph"] == "X"]
    assert {"console_io", "domctl"} <= {span["name"] for span in spans}   # its shell has answered
    assert all(span["dur"] >= 0 for span in spans)
    assert {"send", "interrupt"} <= {record["name"] for record in shown if record["ph"] == "i"}


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
