# SPDX-License-Identifier: MIT
"""Asking the monitor over a line that others talk on, too."""
import socket
import threading

import pytest

from granitelib.monitor import Monitor, NoAnswer, own_lines, refused

FOCUS = {True: "the monitor", False: "DOM0"}


@pytest.mark.parametrize("lines, own", [
    (["a", "b"], ["a", "b"]),
    (["(d1) hi", "a", "(GR) x", "b"], ["a", "b"]),
    (["ab", "(d1) hi", "abc", "d"], ["abc", "d"]),
    (["a", "(d1) hi", "b"], ["a", "b"]),
    (["ab", "\x1b[Kgranite> ", "abc", "d"], ["abc", "d"]),
])
def test_lines_of_others_are_left_out(lines, own):
    assert own_lines(lines) == own


def test_a_refusal_is_told_from_an_answer():
    assert refused(["error: no command 'x'"]) and refused(['{"error":"no"}'])
    assert not refused(["d1 says error: x"])


class FakeMachine(threading.Thread):
    """Answers one connection as the console and the monitor do."""

    def __init__(self, path, answer, at_monitor):
        super().__init__(daemon=True)
        self.answer, self.at_monitor = answer, at_monitor
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()

    def run(self):
        connection, _ = self.listener.accept()
        typed = b""
        while data := connection.recv(1):
            typed += data
            if typed == b"\x01\x01\x01":
                self.at_monitor = not self.at_monitor
                prompt = "gr> " if self.at_monitor else ""
                text = f"\r\n(GR) *** Serial input to {FOCUS[self.at_monitor]} (...)\r\n{prompt}"
            elif typed.endswith(b"\r"):
                text = f"{typed.decode()}\n\x02{self.answer}\x03gr> "
            else:
                continue
            typed = b""
            connection.sendall(text.encode())


@pytest.mark.parametrize("at_monitor", [False, True])
def test_the_input_is_where_it_was_after_a_question(tmp_path, at_monitor):
    path = str(tmp_path / "s")
    machine = FakeMachine(path, "\r\n(d1) hi\r\n\x02DOM NAME\r\n(d1) hello\r\nd1 web\r\n", at_monitor)
    machine.start()
    with Monitor(path, timeout=5) as monitor:
        assert monitor.ask("domains") == ["DOM NAME", "d1 web"]
    machine.join(timeout=5)
    assert machine.at_monitor == at_monitor


def test_no_machine_is_an_answer_too(tmp_path):
    with pytest.raises(NoAnswer):
        Monitor(tmp_path / "nothing")
