# SPDX-License-Identifier: MIT
"""The server of the page that shows the machine: whom it answers, what it asks, how often."""
import http.client
import json
import pathlib
import threading

import pytest

from granitelib.monitor import NoAnswer
from granitelib.web import assets, budget, questions
from granitelib.web.server import Server
from granitelib.web.source import PERSON_WAITS_S, Source, parsed

SMALL = ['{"t":"begin","cmd":"x","schema":1}', '{"id":1}', '{"note":"n"}', '{"t":"end","rows":1,"lost":2,"at":7,"ns":9}']


class Machine:
    """Stands in for the monitor, and for time, which passes only when somebody sleeps."""

    def __init__(self):
        self.asked, self.now, self.took_ns, self.gone = [], 100.0, 9, False

    def ask(self, command):
        if self.gone:
            raise NoAnswer("it is gone")
        if command != "time -j":        # by which the clock is known
            self.asked.append(command)
        end = {"t": "end", "rows": 1, "lost": 0, "at": int(1e9 * self.now), "ns": self.took_ns}
        return [*SMALL[:-1], json.dumps(end)]

    def sleep(self, seconds):
        self.now += seconds

    def source(self):
        return Source(pathlib.Path("s"), self, lambda: self.now, self.sleep)


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def server(machine, monkeypatch, tmp_path):
    drawing = tmp_path / "d3.min.js"
    drawing.write_text("d3 = {}")
    monkeypatch.setattr(assets, "D3", drawing)
    with Server(machine.source(), 0) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield running
        running.shutdown()


def request(server, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    return response.status, response.read()


def act(server, command, **headers):
    origin = {"Origin": f"http://127.0.0.1:{server.port}", "Content_Type": "application/json"} | headers
    return request(server, "POST", "/act", json.dumps({"command": command}), **origin)[0]


def test_an_answer_is_taken_apart():
    answer, at, took = parsed(SMALL)
    assert answer == {"rows": [{"id": 1}], "notes": ["n"], "error": None, "lost": 2, "at": 7}
    assert (at, took) == (7, 9)
    assert parsed(['{"error":"no"}', SMALL[-1]])[0]["error"] == "no"


@pytest.mark.parametrize("command", ["domains", "frames 0x12", "ptentries 1 3 0x8000", "evtchn d3", "queues"])
def test_what_only_reads_may_be_asked(command):
    assert questions.only_reads(command) and not questions.may_act(command)


@pytest.mark.parametrize("command", ["panic", "freeze", "prof on", "trace on", "domains\rpanic", "domains panic", "",
                                     "frames 0x1\xfe", "grants 1 2", "frames " + "1" * 500])
def test_nothing_else_may(command):
    assert not questions.only_reads(command)


def test_the_machine_is_asked_once_for_all_who_look(machine):
    source = machine.source()
    answers = [source.get("domains") for _ in range(10)]
    assert machine.asked == ["domains -j"]
    assert all(answer["rows"] == [{"id": 1}] and answer["next_s"] > 0 for answer in answers)
    machine.now += answers[0]["next_s"]
    source.get("domains")
    assert len(machine.asked) == 2


def test_asking_without_pause_costs_no_more_than_its_share(machine):
    machine.took_ns = 4_000_000
    source, began = machine.source(), machine.now
    while machine.now < began + 60:
        machine.now += source.get("domains")["next_s"]
        source.get("vcpus")
    cost_s = 0.004 * len(machine.asked)
    assert 0.5 * budget.SHARE < cost_s / (machine.now - began) < 1.05 * budget.SHARE


def test_waiting_for_a_packet_is_no_work(machine):
    source = machine.source()
    source.get("domains")
    machine.took_ns = 5_000_000_000
    source.act("walk next 1 rx")
    machine.took_ns = 0
    assert source.get("vcpus")["next_s"] < 2


def test_a_slow_machine_is_asked_less_often():
    slow, fast = budget.Budget(), budget.Budget()
    for each, clock in ((slow, 0.1), (fast, 1.0)):
        each.spend(10.0, 0, 0, 0)
        pause = each.spend(1000.0, int(clock * 990e9), 1_000_000, 0)
        assert pause == pytest.approx((1_000_000 + budget.QUESTION_NS) / 1e9 / budget.SHARE / clock)


def test_a_person_is_not_kept_waiting_for_long(machine):
    machine.took_ns = 900_000_000
    source = machine.source()
    source.get("frames")
    before = machine.now
    source.get("ptentries 1 4 0")
    assert machine.now - before <= PERSON_WAITS_S


def test_a_machine_that_comes_back_is_asked_again(machine, server):
    machine.gone = True
    status, body = request(server, "GET", "/ask?command=domains")
    assert status == 503 and json.loads(body)["error"] == "it is gone"
    machine.gone = False
    assert request(server, "GET", "/ask?command=domains")[0] == 200


def test_the_page_is_served_and_nothing_beside_it(server):
    assert b"<title>Granite" in request(server, "GET", "/")[1]
    assert request(server, "GET", "/views/domains.js")[0] == 200
    assert request(server, "GET", "/d3.js") == (200, b"d3 = {}")
    for path in ("/../server.py", "/%2e%2e/server.py", "/README.md", "/views", "//etc/passwd"):
        assert request(server, "GET", path)[0] == 404


def test_a_name_that_somebody_let_point_here_is_refused(server, machine):
    assert request(server, "GET", "/ask?command=domains", Host=f"evil.example:{server.port}")[0] == 421
    assert request(server, "GET", "/ask?command=domains", Host=f"localhost:{server.port}")[0] == 200
    assert len(machine.asked) == 1


def test_other_pages_are_refused(server, machine):
    assert request(server, "GET", "/ask?command=domains", Origin="http://evil.example")[0] == 403
    assert request(server, "GET", "/ask?command=domains", Sec_Fetch_Site="cross-site")[0] == 403
    assert act(server, "prof on", Origin="http://evil.example") == 403
    assert act(server, "prof on", Content_Type="text/plain") == 403
    assert request(server, "POST", "/act", "{}", Content_Type="application/json")[0] == 403
    assert machine.asked == []


def test_what_changes_something_goes_by_post_only(server, machine):
    assert request(server, "GET", "/ask?command=prof%20on")[0] == 400
    assert act(server, "prof on") == 200
    assert act(server, "panic") == 400
    assert machine.asked == ["prof on -j"]


@pytest.mark.parametrize("body", ["", "[]", "{", '{"command": 3}', "x" * 2000])
def test_a_body_of_anything_is_refused(server, body):
    headers = {"Origin": f"http://127.0.0.1:{server.port}", "Content-Type": "application/json"}
    status, _ = request(server, "POST", "/act", body, **headers)
    assert status in (400, 413)
