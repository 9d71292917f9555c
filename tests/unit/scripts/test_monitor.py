# SPDX-License-Identifier: MIT
"""Asking the monitor over a line that others talk on, too."""
import socket
import threading

import pytest

from granitelib.monitor import Caller, Monitor, NoAnswer, refused


def test_a_refusal_is_told_from_an_answer():
    assert refused(["error: no command 'x'"]) and refused(['{"error":"no"}'])
    assert not refused(["d1 says error: x"])


class FakeMachine(threading.Thread):
    """Answers one connection's questions as the monitor does."""

    def __init__(self, path, answer):
        super().__init__(daemon=True)
        self.answer, self.questions = answer, []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()

    def run(self):
        connection, _ = self.listener.accept()
        heard = b""
        while data := connection.recv(100):
            heard += data
            if heard.endswith(b"\r"):
                tag, _, command = heard.removeprefix(b"\xfe").rstrip(b"\r").partition(b" ")
                self.questions.append(command.decode())
                connection.sendall(self.answer.replace(b"TAG", tag))
                heard = b""


@pytest.fixture
def machine(tmp_path):
    def make(answer):
        fake = FakeMachine(str(tmp_path / "s"), answer)
        fake.path = tmp_path / "s"
        fake.start()
        return fake
    return make


def test_an_answer_is_told_from_what_others_say_and_are_told(machine):
    fake = machine(b"(d1) hi\r\ngranite> x\xfeTAG ID NAME\r\n\xfeabc no\r\nl list\r\n\xfeTAG  1 web\r\n"
                   b"\xfeabc\r\n\xfeTAG\r\n")
    with Monitor(fake.path, timeout=5) as monitor:
        assert monitor.ask("domains") == ["ID NAME", " 1 web"]
        assert monitor.ask("domains") == ["ID NAME", " 1 web"]
    assert fake.questions == ["domains", "domains"]


def test_records_come_without_their_mark(machine):
    with Monitor(machine(b'\xfeTAG \x1e{"id":1}\r\n\xfeTAG\r\n').path, timeout=5) as monitor:
        assert monitor.ask("domains -j") == ['{"id":1}']


def test_a_machine_that_is_silent_gives_no_answer(machine):
    with Monitor(machine(b"(GR) busy\r\n").path, timeout=0.2) as monitor, pytest.raises(NoAnswer):
        monitor.ask("domains")


class SlowLine:
    """A line of an answer each 20 seconds."""

    def __init__(self, clock, lines):
        self._clock, self._lines = clock, lines
        self._tag = b""

    def send(self, question):
        self._tag = question[1:].partition(b" ")[0]

    def receive(self):
        self._clock[0] += 20
        return b"\xfe" + self._tag + self._lines.pop(0) + b"\r\n"

    def close(self):
        pass


def test_an_answer_may_take_longer_than_each_of_its_lines(monkeypatch, tmp_path):
    clock = [0]
    line = SlowLine(clock, [b" one", b" two", b" three", b""])
    monkeypatch.setattr("granitelib.monitor.open_line", lambda _path, _timeout: line)
    monkeypatch.setattr("granitelib.monitor.time.monotonic", lambda: clock[0])
    assert Monitor(tmp_path, timeout=30).ask("frames") == ["one", "two", "three"]


def test_a_caller_has_a_line_only_while_it_asks(machine):
    fake = machine(b"\xfeTAG yes\r\n\xfeTAG\r\n")
    assert Caller(fake.path, timeout=5).ask("domains") == ["yes"]
    fake.join(timeout=5)        # it ends with its connection
    assert not fake.is_alive()


def test_no_machine_is_an_answer_too(tmp_path):
    with pytest.raises(NoAnswer):
        Monitor(tmp_path / "nothing")
