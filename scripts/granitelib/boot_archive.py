# SPDX-License-Identifier: MIT
"""The driver domain's module: guests as files, and which to start at boot.

Members are NAME.cfg for each guest, its kernel as a plain ELF file, its
ramdisk, and `granite/boot`: the cfgs to start, one a line. Paths in the cfgs
are rewritten to members' names.
"""

from . import cpio, kernel_cache
from .errors import UsageError

START_LIST = "granite/boot"
NETWORK_DOMAIN = "granite/network"


class BootArchive:
    def __init__(self):
        self.members = {}
        self.starts = []
        self._stored = {}   # (path, kind) -> member

    def _store(self, path, kind, guest):
        """Puts the file at `path` into the archive once; its member's name."""
        if (path, kind) not in self._stored:
            try:
                data = path.read_bytes()
            except OSError as error:
                line = guest.settings[kind].line
                raise UsageError(f"{guest.file}:{line}: {kind} {path}: {error.strerror}") from error
            if kind == "kernel":
                data = kernel_cache.unwrap(data, path)
            name = f"{kind}/{path.name}"
            while name in self.members:
                name += "_"
            self.members[name] = data
            self._stored[path, kind] = name
        return self._stored[path, kind]

    def add(self, guest, start=True):
        name = f"{guest.name}.cfg"
        if name in self.members:
            raise UsageError(f"{guest.file}: there is another guest called {guest.name}")
        values = {kind: self._store(guest.path(kind), kind, guest)
                  for kind in ("kernel", "ramdisk") if kind in guest.settings}
        self.members[name] = guest.rewritten(**values).text.encode()
        if start:
            self.starts.append(name)

    def add_network_domain(self, path):
        """The network's image, for a driver domain that is told to keep it apart."""
        self.members[NETWORK_DOMAIN] = path.read_bytes()

    def data(self):
        start_list = "".join(name + "\n" for name in self.starts).encode()
        return cpio.archive(self.members | {START_LIST: start_list})
