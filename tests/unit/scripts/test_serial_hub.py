# SPDX-License-Identifier: MIT
"""One serial line, several who read and type."""
import socket

import pytest

from granitelib.serial_hub import SerialHub

STEP_S = 5


def connected(path):
    end = socket.socket(socket.AF_UNIX)
    end.connect(str(path))
    end.settimeout(STEP_S)
    return end


@pytest.fixture
def line(tmp_path):
    """The hub and the machine's end of it."""
    hub = SerialHub(tmp_path / "machine", tmp_path / "shared")
    hub.path = tmp_path / "shared"
    machine = connected(tmp_path / "machine")
    assert hub.accept_machine(lambda: True)
    yield hub, machine
    machine.close()
    hub.close()


def test_what_the_machine_says_reaches_everybody(line):
    hub, machine = line
    clients = [connected(hub.path) for _ in range(2)]
    hub.step(STEP_S)
    hub.step(0)
    machine.sendall(b"(GR) ready\n")
    hub.step(STEP_S)
    assert [client.recv(100) for client in clients] == [b"(GR) ready\n"] * 2


def test_what_anybody_types_reaches_the_machine(line):
    hub, machine = line
    client = connected(hub.path)
    hub.step(STEP_S)
    client.sendall(b"audit\r")
    hub.step(STEP_S)
    assert machine.recv(100) == b"audit\r"


def test_a_client_may_leave_while_the_machine_speaks(line):
    hub, machine = line
    leaving, staying = connected(hub.path), connected(hub.path)
    hub.step(STEP_S)
    hub.step(0)
    machine.sendall(b"one\n")
    leaving.close()
    hub.step(STEP_S)        # sees both at once
    machine.sendall(b"two\n")
    hub.step(STEP_S)
    assert staying.recv(100) == b"one\ntwo\n"


def test_a_client_that_reads_late_misses_nothing_and_keeps_nobody_waiting(line):
    hub, machine = line
    late, prompt = connected(hub.path), connected(hub.path)
    hub.step(STEP_S)
    hub.step(0)
    said, heard = b"".join(b"%d\n" % number for number in range(200_000)), b""
    for first in range(0, len(said), 4096):
        machine.sendall(said[first:first + 4096])
        hub.step(STEP_S)
        heard += prompt.recv(len(said))
    assert heard == said
    read = b""
    while len(read) < len(said):
        hub.step(0)
        read += late.recv(len(said))
    assert read == said


def test_a_client_that_never_reads_is_dropped(line, monkeypatch):
    monkeypatch.setattr("granitelib.serial_hub.MOST_WAITING", 1 << 20)
    hub, machine = line
    mute = connected(hub.path)
    hub.step(STEP_S)
    for _ in range(64):
        machine.sendall(bytes(65536))
        hub.step(STEP_S)
    while mute.recv(65536):     # what it had room for, and then the end
        pass
