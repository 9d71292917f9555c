# SPDX-License-Identifier: MIT
"""What somebody with his hands on the machine can do: QEMU's own commands, by its QMP."""
import json
import socket

GENEROUS_S = 300


class Hands:
    """A machine that was started with `arguments(path)`."""

    @staticmethod
    def arguments(path):
        return [f"--qemu-arg={word}" for word in ("-qmp", f"unix:{path},server=on,wait=off")]

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(GENEROUS_S)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("r")
        json.loads(self._lines.readline())      # the greeting
        self.do("qmp_capabilities")

    def do(self, command, **arguments):
        self._socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
        while "return" not in (answer := json.loads(self._lines.readline())):
            assert "event" in answer, answer
        return answer["return"]

    def set_link(self, up, netdev="net0"):
        self.do("set_link", name=netdev, up=up)

    def close(self):
        self._socket.close()
