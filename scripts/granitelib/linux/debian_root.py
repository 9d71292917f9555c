# SPDX-License-Identifier: MIT
"""A Debian root file system from packages, unpacked and not installed: no
maintainer's script runs, and no root is needed."""
import re
import shutil

from .. import paths
from .packages import Archive, unpack

FOLDER = paths.BUILD / "linux" / "debian"
PROGRAMS = ("bash", "coreutils", "ethtool", "iperf3", "iproute2", "kmod", "procps", "stress-ng", "util-linux")
# What dependencies draw in for installing, or for screens, and nothing here calls.
LEFT_OUT = re.compile(r"(lib)?perl|usrmerge|debconf|dpkg|adduser|passwd|libx11-data|.*-base=|libpam")
MERGED = {"bin": "usr/bin", "sbin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64", "usr/sbin": "bin"}
UNUSED_FOLDERS = ("usr/share", "usr/include", "usr/lib/systemd", "usr/lib/x86_64-linux-gnu/gconv", "var")


def make(folder):
    for name in ("usr/bin", "usr/lib", "usr/lib64"):
        (folder / name).mkdir(parents=True)
    for name, target in MERGED.items():
        (folder / name).symlink_to(target)
    archive = Archive()
    wanted = [package for package in archive.closure(PROGRAMS) if not LEFT_OUT.match(package)]
    with archive.fetched(*wanted) as files:
        for file in files:
            unpack(file, folder)
    for name in UNUSED_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)


def debian_root():
    """The folder that holds it, made when it is first asked for."""
    if not FOLDER.exists():
        unfinished = FOLDER.with_name("debian.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        make(unfinished)
        unfinished.rename(FOLDER)
    return FOLDER
