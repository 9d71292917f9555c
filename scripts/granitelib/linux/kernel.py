# SPDX-License-Identifier: MIT
"""Debian's kernels, as packaged: `kernel("6.1")` is the newest of that series."""
import dataclasses
import functools
import lzma
import pathlib
import re
import shutil

from .. import paths
from .packages import Unavailable, archives, distribution, unpack

META_PACKAGE = "linux-image-amd64"
SERIES = ("6.1", "6.12")
WANTED = ("./boot/vmlinuz-*", "./boot/config-*", "*/modules/*/xen-*")   # of a package of thousands of files
# For a kernel that drives the network card itself, and for one that is Xen's driver domain.
DRIVERS = ("*/ethernet/intel/igb/*", "*/i2c-algo-bit.ko*", "*/dca.ko*",
           "*/net/bridge/bridge.ko*", "*/stp.ko*", "*/llc.ko*", "*/xenfs.ko*")


@dataclasses.dataclass(frozen=True)
class Kernel:
    series: str
    folder: pathlib.Path

    @property
    def image(self):
        return self.folder / "boot" / f"vmlinuz-{self.release}"

    @property
    def release(self):
        """What `uname -r` says."""
        return (self.folder / "release").read_text().strip()

    def modules(self, *names):
        """{file name: plain module} of these and those they need, in load order."""
        found = {}
        for name in names:
            data = self._module(name)
            found |= self.modules(*needed_by(data)) | {f"{name}.ko": data}
        return found

    def _module(self, name):
        spelled = name.replace("_", "-")
        file = next(self.folder.rglob(f"{spelled}.ko*"), None)
        if not file:
            raise Unavailable(f"Linux {self.release} is packaged without a module {spelled}")
        data = file.read_bytes()
        return lzma.decompress(data) if file.suffix == ".xz" else data


def needed_by(module):
    names = re.search(rb"\0depends=([^\0]*)\0", module)[1].decode()
    return [name for name in names.split(",") if name]


@functools.cache
def package_of(series):
    """(archive, package, version) of the newest kernel of a series, or None; to look for it takes seconds."""
    for archive in archives():
        for version in archive.versions(META_PACKAGE):
            if version.startswith(f"{series}."):
                needs = archive.field(META_PACKAGE, version, "Depends")
                return archive, *re.match(r"(\S+) \(= ([^)]+)\)", needs).groups()
    return None


def fetch(source, folder, wanted):
    archive, package, version = source
    with archive.fetched(f"{package}={version}") as files:
        unpack(files[0], folder, *wanted)
    image = next((folder / "boot").glob("vmlinuz-*"))
    (folder / "release").write_text(image.name.removeprefix("vmlinuz-") + "\n")


def folder_of(series):
    return paths.BUILD / "linux" / series


def fetched(series):
    """Whether kernel() has what it needs without asking the archive."""
    return (folder_of(series) / "release").exists()


def kernel(series):
    """The kernel, from the build folder once it has been fetched; one that cannot be had is asked for at each run."""
    return kept(series, folder_of(series), WANTED)


def driving(series):
    """The same with modules that drive hardware."""
    return kept(series, folder_of(f"{series}-driving"), WANTED + DRIVERS)


def kept(series, folder, wanted):
    if not (folder / "release").exists():
        source = package_of(series)
        if source is None:
            raise Unavailable(f"{distribution()} offers no {META_PACKAGE} of the series {series}")
        shutil.rmtree(folder, ignore_errors=True)
        fetch(source, folder, wanted)
    return Kernel(series, folder)
