# SPDX-License-Identifier: MIT
"""A minute of trace under load, as a viewer opens it."""
import json

from trace_check import check_spans
from visits import visit, visitors

SECONDS = 60


def test_a_minute_of_trace_under_load_is_in_order_and_says_what_was_lost(machine, app, granite, port, tmp_path):
    session = machine("--nic", "igb", "--smp", 2, "--forward", f"{port}:web:80", app("web"))
    session.wait_ready("web: listening")
    visit(port)
    path = tmp_path / "trace.json"
    with visitors(port):
        done = granite("inspect", "--chrome", path, "--for", SECONDS)
    assert done.returncode == 0, done.stderr
    written = json.loads(path.read_text())
    events = written["otherData"]["events"]
    assert f"{events} events in " in done.stdout
    times = [record["ts"] for record in written["traceEvents"] if "ts" in record]
    assert max(times) - min(times) > 0.9 * SECONDS * 1e6
    check_spans(written["traceEvents"])
