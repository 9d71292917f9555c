# SPDX-License-Identifier: MIT
"""Root file systems for Linux guests, as initial RAM file systems.

`small` is busybox and the network front end, with start-up files of ours from
guest-pv/linux/root; `debian` has Debian's own programs, and busybox where those
have a gap. The same packages give the same bytes.
"""
import gzip
import stat
import subprocess

from .. import cpio, paths
from .debian_root import MERGED, debian_root
from .kernel import kernel
from .packages import Archive, unpack

OWN_FILES = paths.ROOT / "guest-pv" / "linux" / "root"
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
        with Archive().fetched("busybox-static") as files:
            unpack(files[0], folder, "*/bin/busybox")
    return next(folder.rglob("bin/busybox"))


def busybox_files():
    program = busybox()
    applets = subprocess.run([program, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return {"bin": cpio.folder(), "sbin": cpio.link("bin"), "init": cpio.link("bin/busybox"),
            **{f"bin/{name}": cpio.link("busybox") for name in applets},
            "bin/busybox": cpio.program(program.read_bytes())}


MOUNT_POINTS = {name: cpio.folder() for name in ("dev", "proc", "sys", "tmp", "root")}


def small_tree(its_kernel, modules=NETWORK):
    return {**MOUNT_POINTS, **busybox_files(), **module_files(its_kernel, modules), **tree(OWN_FILES)}


def behind_links(name):
    """Where a file of the small root lies in a merged Debian root."""
    top, _, rest = name.partition("/")
    return f"{MERGED[top]}/{rest}" if top in MERGED else name


def debian_tree(series):
    """Debian's programs go before those of busybox, our files before all."""
    added = {behind_links(name): entry for name, entry in small_tree(kernel(series)).items() if name not in MERGED}
    return dict(sorted((added | tree(debian_root()) | tree(OWN_FILES)).items()))


def stored(name, data):
    """The archive's file: rewritten only when its bytes are others."""
    file = STORE / name
    if not file.exists() or file.read_bytes() != data:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return file


def small(series, name="small", extra=None):
    """The small root for a kernel; with {path: Entry} added to it, under a name of its own."""
    return small_for(kernel(series), name, extra, NETWORK)


def small_for(its_kernel, name, extra, modules):
    """The small root with the modules that are named."""
    return stored(f"{its_kernel.folder.name}/{name}.cpio", cpio.tree_archive(small_tree(its_kernel, modules) | (extra or {})))


def debian(series, name="debian", extra=None):
    """The Debian root for a kernel, likewise."""
    archive = cpio.tree_archive(debian_tree(series) | (extra or {}))
    return stored(f"{series}/{name}.cpio.gz", gzip.compress(archive, 6, mtime=0))
