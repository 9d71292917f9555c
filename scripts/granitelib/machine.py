# SPDX-License-Identifier: MIT
"""A QEMU process together with its serial line and a folder for its files."""
import contextlib
import os
import pathlib
import subprocess
import tempfile

from . import paths
from .serial_hub import SerialHub

# After a panic the backtrace still comes, after a guest's end its last words.
LAST_WORDS_S = 1.0


class Machine:
    """To be used in a `with`: leaves neither process nor files behind."""

    def __enter__(self):
        # Short names: a socket's path is limited to some hundred bytes.
        self._folder = tempfile.TemporaryDirectory(prefix="granite-")
        self.folder = pathlib.Path(self._folder.name)
        self.hub = SerialHub(self.machine_socket, self.folder / "serial.sock")
        self._process = None
        return self

    def __exit__(self, *_):
        if self._process and self._process.poll() is None:
            # It has nothing to save, and may not end by itself: a plugin that waits for its
            # main thread is what the main thread waits for.
            self._process.kill()
            self._process.wait()
        self.hub.close()
        if paths.SERIAL_SOCKET.is_symlink() and os.readlink(paths.SERIAL_SOCKET) == str(self.folder / "serial.sock"):
            paths.SERIAL_SOCKET.unlink()
        self._folder.cleanup()

    @property
    def machine_socket(self):
        return self.folder / "com1.sock"

    def start(self, command, files=()):
        """False when QEMU refused; `complaint` says why. It inherits the files with these numbers."""
        with open(self.folder / "qemu.log", "wb") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             pass_fds=files)
        if not self.hub.accept_machine(lambda: self._process.poll() is None):
            return False
        paths.RUN.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            paths.SERIAL_SOCKET.unlink()
        paths.SERIAL_SOCKET.symlink_to(self.folder / "serial.sock")
        return True

    @property
    def complaint(self):
        return (self.folder / "qemu.log").read_text(errors="replace").strip()

    @property
    def end(self):
        """How QEMU ended, for people; to be asked when its side of the serial line is closed."""
        try:
            status = f"ended with status {self._process.wait(LAST_WORDS_S)}"
        except subprocess.TimeoutExpired:
            status = "left the serial line and still runs"
        return f"QEMU {status}; {self.complaint or 'it gives no reason'}"
