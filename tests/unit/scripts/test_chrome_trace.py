# SPDX-License-Identifier: MIT
"""Events become what a trace viewer shows."""
import json

import pytest

from granitelib import chrome_trace


def event(ns, cpu, who, kind, what="", a="0x0"):
    return {"ns": ns, "cpu": cpu, "number": ns, "who": who, "event": kind, "a": a, "b": "0x0", "what": what}


def test_running_and_hypercalls_are_spans_all_else_instants():
    trace = chrome_trace.converted(
        [event(1000, 0, "d1v0", "run"), event(2000, 0, "d1v0", "call", "sched_op"),
         event(2500, 0, "d1v0", "send", "to d0 port 3"), event(3000, 0, "d1v0", "done", "sched_op = 0"),
         event(4000, 0, "d1v0", "stop"), event(5000, 0, "-", "interrupt", "vector 0xf0"),
         event(6000, 0, "d0v0", "run"), event(7000, 0, "d0v0", "call", "sched_op")],
        {0: "Domain-0", 1: "web"})["traceEvents"]
    shown = [(r["ph"], r["name"], r["pid"], r.get("ts"), r.get("dur")) for r in trace if r["ph"] != "M"]
    machine = chrome_trace.MACHINE
    assert shown == [("i", "send", 1, 2.5, None), ("X", "sched_op", 1, 2.0, 1.0), ("X", "d1v0", machine, 1.0, 3.0),
                     ("i", "interrupt", machine, 5.0, None), ("X", "d0v0", machine, 6.0, 1.0),
                     ("i", "call", 0, 7.0, None)]
    names = {(r["name"], r["pid"], r.get("tid")): r["args"]["name"] for r in trace if r["ph"] == "M"}
    assert names["process_name", 1, None] == "web" and names["thread_name", machine, 0] == "cpu 0"


def test_a_multicall_spans_the_calls_in_it():
    trace = chrome_trace.converted(
        [event(1000, 0, "d1v0", "done", a="0x9"), event(2000, 0, "d1v0", "call", "multicall", "0xd"),
         event(3000, 0, "d1v0", "call", "mmu_update", "0x1"), event(4000, 0, "d1v0", "done", "", "0x1"),
         event(5000, 0, "d1v0", "done", "", "0xd")], {})
    shown = [(r["ph"], r["name"], r["ts"], r.get("dur")) for r in trace["traceEvents"] if r["ph"] != "M"]
    assert shown == [("i", "done", 1.0, None), ("X", "mmu_update", 3.0, 1.0), ("X", "multicall", 2.0, 3.0)]


def test_who_ran_when_the_trace_began_is_shown_from_its_beginning():
    trace = chrome_trace.converted([event(1000, 0, "d1v0", "fault"), event(4000, 0, "d1v0", "stop")], {})
    assert [(r["name"], r["ts"], r["dur"]) for r in trace["traceEvents"] if r["ph"] == "X"] == [("d1v0", 1.0, 3.0)]


def test_the_file_is_one_a_viewer_can_load_and_says_what_was_lost(tmp_path, monkeypatch):
    events = [event(10, 0, "d1v0", "fault"), event(20, 0, "d1v0", "upcall")]
    monkeypatch.setattr(chrome_trace.trace_reader, "kept", lambda _: (events, 3))
    monkeypatch.setattr(chrome_trace.trace_reader, "ask", lambda *_: [{"id": 1, "name": "web"}])
    path = tmp_path / "trace.json"
    assert chrome_trace.write(None, path) == (2, 3)
    written = json.loads(path.read_text())
    assert [r["name"] for r in written["traceEvents"]] == ["process_name", "thread_name", "fault", "upcall"]
    assert written["otherData"] == {"events": 2, "lost": 3}


def test_no_events_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(chrome_trace.trace_reader, "kept", lambda _: ([], 0))
    with pytest.raises(chrome_trace.Nothing, match="'trace on' begins"):
        chrome_trace.write(None, tmp_path / "trace.json")
