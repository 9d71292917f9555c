# SPDX-License-Identifier: MIT
"""Linux as the driver domain of Debian's Xen, with Xen's own toolstack: what Granite's
driver domain is compared with. Its root file system starts one guest."""
import re
import subprocess

from .. import cpio, kernel_cache, paths
from ..kernel_image import ELF
from . import guest, images
from .kernel import driving
from .packages import Archive, Unavailable, unpack

FOLDER = paths.BUILD / "linux" / "xen"
META_PACKAGE = "xen-system-amd64"
PROGRAMS = ("xl", "xenstored", "xenconsoled", "xenstore-read", "xenstore-write")
MODULES = ("igb", "bridge", "xen-netback", "xen-evtchn", "xen-gntdev", "xen-gntalloc", "xen-privcmd", "xenfs")
AT_RUN_TIME = ("libgcc_s.so.1",)    # what the C library loads when a thread ends
OWN_FILES = paths.ROOT / "guest-pv" / "linux" / "xen"
LOADER = "lib64/ld-linux-x86-64.so.2"
NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")


def packages():
    """Of the toolstack and the libraries it needs, NAME=VERSION."""
    archive = Archive()
    versions = archive.versions(META_PACKAGE)
    if not versions:
        raise Unavailable(f"the distribution offers no {META_PACKAGE}")
    utilities = re.search(r"xen-utils-[\d.]+", archive.field(META_PACKAGE, versions[0], "Depends"))[0]
    closure = archive.closure([utilities, "xenstore-utils"])
    return [package for package in closure if re.match(r"lib|xen|zlib", package)]


def unpacked():
    done = FOLDER / "done"
    if not done.exists():
        with Archive().fetched(*packages()) as files:
            for file in files:
                unpack(file, FOLDER / "root")
        done.touch()
    return FOLDER / "root"


def is_elf(file):
    with open(file, "rb") as opened:
        return opened.read(len(ELF)) == ELF


def programs(tree):
    """{file name: file} of programs and libraries; what is wrapped in a script goes by its own name."""
    return {file.name: file for file in sorted(tree.rglob("*")) if file.is_file() and is_elf(file)}


def needed(file):
    listed = subprocess.run(["readelf", "-d", file], stdout=subprocess.PIPE, text=True, check=True).stdout
    return NEEDED.findall(listed)


def toolstack():
    """{path: Entry} of the programs, and of what they need."""
    files = programs(unpacked())
    entries, missing = {LOADER: cpio.program(files["ld-linux-x86-64.so.2"].read_bytes())}, [*PROGRAMS, *AT_RUN_TIME]
    while missing:
        name = missing.pop()
        path = f"bin/{name}" if name in PROGRAMS else f"lib/{name}"
        if name not in files:
            raise Unavailable(f"{name} is in none of the packages of Xen's toolstack")
        if path not in entries:
            entries[path] = cpio.program(files[name].read_bytes())
            missing += needed(files[name])
    return entries


def root(series, its_guest, ramdisk, **settings):
    """The driver domain's root, with a guest to start; `settings` are keys of xl.cfg for it."""
    its_kernel = driving(series)
    cfg = guest.text("linux", "/guest/kernel", "/guest/ramdisk", **settings)
    plain = kernel_cache.unwrap(its_guest.image.read_bytes(), its_guest.image)
    extra = {**{name: cpio.folder() for name in ("guest", "lib64", "etc/xen", "etc/xen/scripts")}, **toolstack(),
             "guest/kernel": cpio.file(plain), "guest/ramdisk": cpio.file(ramdisk.read_bytes()),
             "guest/linux.cfg": cpio.file(cfg.encode()), **images.tree(OWN_FILES)}
    return images.small_for(its_kernel, "xen", extra, MODULES)
