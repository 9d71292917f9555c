# SPDX-License-Identifier: MIT
"""Root file systems for Linux guests, as initial RAM file systems.

`small` is busybox and the network front end, with start-up files of ours from
guest-linux/root. Images are made once and kept in the build folder; the same
packages give the same bytes.
"""
import stat
import subprocess

from .. import cpio, paths
from .kernel import kernel
from .packages import Archive, unpack

OWN_FILES = paths.ROOT / "guest-linux" / "root"
STORE = paths.BUILD / "linux"
NETWORK = ("xen-netfront",)


def entry(file):
    """What an archive holds for a file of this machine."""
    if file.is_symlink():
        return cpio.link(str(file.readlink()))
    if file.is_dir():
        return cpio.folder()
    return cpio.file(file.read_bytes(), 0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)


def tree(folder):
    return {file.relative_to(folder).as_posix(): entry(file) for file in sorted(folder.rglob("*"))}


def module_files(its_kernel, names):
    modules = its_kernel.modules(*names)
    order = "".join(name + "\n" for name in modules).encode()
    return {"lib": cpio.folder(), "lib/modules": cpio.folder(), "lib/modules/order": cpio.file(order),
            **{f"lib/modules/{name}": cpio.file(data) for name, data in modules.items()}}


def busybox():
    folder = STORE / "busybox"
    if not folder.exists():
        with Archive().fetched("busybox-static") as package:
            unpack(package, folder, "*/bin/busybox")
    return next(folder.rglob("bin/busybox"))


def busybox_files():
    program = busybox()
    applets = subprocess.run([program, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return {"bin": cpio.folder(), "sbin": cpio.link("bin"), "init": cpio.link("bin/busybox"),
            **{f"bin/{name}": cpio.link("busybox") for name in applets},
            "bin/busybox": cpio.program(program.read_bytes())}


MOUNT_POINTS = {name: cpio.folder() for name in ("dev", "proc", "sys", "tmp", "root")}


def small_tree(series):
    return {**MOUNT_POINTS, **busybox_files(), **module_files(kernel(series), NETWORK), **tree(OWN_FILES)}


def stored(name, entries):
    """The archive's file: rewritten only when its bytes are others."""
    data, file = cpio.tree_archive(entries), STORE / name
    if not file.exists() or file.read_bytes() != data:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return file


def small(series, name="small", extra=None):
    """The small root for a kernel; with {path: Entry} added to it, under a name of its own."""
    return stored(f"{series}/{name}.cpio", small_tree(series) | (extra or {}))
