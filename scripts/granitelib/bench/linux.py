# SPDX-License-Identifier: MIT
"""Linux's own services, seen by a program in a guest: on Granite, on Debian's
Xen with the same driver domain, and without a hypervisor on the same machine."""
from .. import cpio, paths, qemu
from ..errors import UsageError
from ..linux import domain, images
from ..linux.kernel import kernel
from ..linux.packages import Unavailable
from ..plan import BootPlan, Module
from .measure import measure, results

SERIES = "6.1"
PROGRAMS = ("ops", "ops-nothing")
WORK = 'ip=off run="ops"'
MEMORY_MB = 128


def ramdisk():
    folder = paths.BUILD / "guests" / "linux"
    try:
        return images.small(SERIES, "ops", {f"bin/{name}": cpio.program((folder / name).read_bytes())
                                            for name in PROGRAMS})
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}; `make` builds it") from error


def on(hypervisor):
    with domain.plan(hypervisor, kernel(SERIES), ramdisk(), memory=MEMORY_MB, vif=[],
                     extra=f"console=hvc0 quiet {WORK}") as plan:
        return measure(plan, qemu.Hardware(nics=["none"]), "ops", "d1")


def bare():
    plan = BootPlan(kernel(SERIES).image, f"console=ttyS0 quiet {WORK}", [Module(ramdisk())])
    return measure(plan, qemu.Hardware(nics=["none"], memory=f"{MEMORY_MB}M"), "ops", "")


def suite(with_xen):
    try:
        own = on(paths.HYPERVISOR_32)
        return results("linux", "linux", own, {"bare": bare(), "xen": on(paths.ORACLE)} if with_xen else {})
    except Unavailable as error:
        raise UsageError(str(error)) from error
