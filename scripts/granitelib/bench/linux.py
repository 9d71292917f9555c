# SPDX-License-Identifier: MIT
"""Linux's own services, seen by a program in a guest: on Granite, on Debian's
Xen with the same driver domain, and without a hypervisor on the same machine."""
import contextlib
import pathlib
import tempfile

from .. import cpio, first_domain, paths, prepare, qemu
from ..errors import UsageError
from ..linux import guest, images
from ..linux.kernel import kernel
from ..linux.packages import Unavailable
from ..plan import BootPlan, Module
from .measure import measure, results

SERIES = "6.1"
PROGRAMS = ("ops", "ops-nothing")
WORK = 'ip=off run="ops"'
MEMORY_MB = 128
DRIVER_DOMAIN_MB = 512


def ramdisk():
    folder = paths.BUILD / "guests" / "linux"
    try:
        return images.small(SERIES, "ops", {f"bin/{name}": cpio.program((folder / name).read_bytes())
                                            for name in PROGRAMS})
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}; `make` builds it") from error


@contextlib.contextmanager
def domain(hypervisor, options):
    """A plan that starts the guest beside the driver domain."""
    with tempfile.TemporaryDirectory(prefix="granite-") as name:
        folder = pathlib.Path(name)
        cfg = guest.write(folder, "linux", kernel(SERIES), ramdisk(), memory=MEMORY_MB, vif=[],
                          extra=f"console=hvc0 quiet {WORK}")
        yield prepare.boot_plan(prepare.prepare([cfg], []).archive, folder, options, "shell=off", hypervisor)


def on_granite():
    with domain(paths.HYPERVISOR_32, f"dom0_mem={DRIVER_DOMAIN_MB}M") as plan:
        return measure(plan, qemu.Hardware(nics=["none"]), "ops", "d1")


def on_xen():
    with domain(paths.ORACLE, first_domain.oracle_options(DRIVER_DOMAIN_MB)) as plan:
        return measure(plan, qemu.Hardware(nics=["none"]), "ops", "d1")


def bare():
    plan = BootPlan(kernel(SERIES).image, f"console=ttyS0 quiet {WORK}", [Module(ramdisk())])
    return measure(plan, qemu.Hardware(nics=["none"], memory=f"{MEMORY_MB}M"), "ops", "")


def suite(with_xen):
    try:
        return results("linux", "linux", on_granite(), {"bare": bare(), "xen": on_xen()} if with_xen else {})
    except Unavailable as error:
        raise UsageError(str(error)) from error
