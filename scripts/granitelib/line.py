# SPDX-License-Identifier: MIT
"""The serial line of a machine, from this side: the socket of `granite run`, or a device of a real one."""
import os
import select
import socket
import stat
import termios
import tty

MOST = 65536


class SocketLine:
    def __init__(self, path, timeout):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self.send, self.close = self._socket.sendall, self._socket.close

    def receive(self):
        """What came; nothing when it took too long, or the other side is gone."""
        try:
            return self._socket.recv(MOST)
        except OSError:
            return b""


class DeviceLine:
    """A terminal device, raw, at the speed that Granite uses."""

    def __init__(self, path, timeout):
        self._timeout = timeout
        self._file = os.open(path, os.O_RDWR | os.O_NOCTTY)
        try:
            tty.setraw(self._file)
            settings = termios.tcgetattr(self._file)
            settings[tty.ISPEED] = settings[tty.OSPEED] = termios.B115200
            settings[tty.CFLAG] |= termios.CLOCAL
            termios.tcsetattr(self._file, termios.TCSANOW, settings)
        except termios.error as error:
            os.close(self._file)
            raise OSError(error.args[0], f"no serial line: {error.args[1]}") from error

    def send(self, data):
        while data:
            data = data[os.write(self._file, data):]

    def receive(self):
        ready, _, _ = select.select([self._file], [], [], self._timeout)
        try:
            return os.read(self._file, MOST) if ready else b""
        except OSError:     # the other side of a pseudo-terminal is gone
            return b""

    def close(self):
        os.close(self._file)


def open_line(path, timeout):
    """OSError when there is none."""
    return (DeviceLine if stat.S_ISCHR(os.stat(path).st_mode) else SocketLine)(path, timeout)
