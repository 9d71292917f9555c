# SPDX-License-Identifier: MIT
"""The line to a machine, whatever it is."""
import os
import pty
import socket
import termios

import pytest

from granitelib.line import open_line
from granitelib.monitor import Monitor, NoAnswer


def test_a_socket_carries_both_ways(tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        line = open_line(tmp_path / "s", 5)
        machine, _ = listener.accept()
        line.send(b"question")
        machine.sendall(b"answer")
        assert (machine.recv(100), line.receive()) == (b"question", b"answer")
        machine.close()
        assert line.receive() == b""
        line.close()


def test_a_device_is_raw_and_as_fast_as_granite_speaks():
    machine, device = pty.openpty()
    line = open_line(os.ttyname(device), 0.1)
    settings = termios.tcgetattr(device)
    assert settings[4] == settings[5] == termios.B115200
    assert not settings[3] & (termios.ECHO | termios.ICANON)
    line.send(b"\xfeq\r")
    os.write(machine, b"\xfea\r\n")
    assert (os.read(machine, 100), line.receive()) == (b"\xfeq\r", b"\xfea\r\n")
    assert line.receive() == b""        # nothing more within its time
    line.close()


@pytest.mark.parametrize("path", ["/dev/null", "/nowhere", "/etc/passwd"])
def test_what_is_no_line_gives_no_answer(path):
    with pytest.raises(NoAnswer):
        Monitor(path)
