# SPDX-License-Identifier: MIT
"""How the measured machines boot. Each plan is good for as long as its context lasts."""
import contextlib
import pathlib
import tempfile

from ... import cpio, first_domain, kernel_cache, paths, prepare, xlcfg
from ...errors import UsageError
from ...linux import domain, images, xen_tools
from ...linux.kernel import driving, kernel
from ...plan import BootPlan, Module

SERIES = "6.1"
MEMORY_MB = 128
KIT_NAME = "traffic"
KIT = paths.BUILD / "guests" / "traffic.elf"
PROGRAM = paths.BUILD / "guests" / "linux" / "traffic"
FIRST_ADDRESS = 20     # of guests, in 10.0.2.0/24
ADDRESS = f"ip=10.0.2.{FIRST_ADDRESS}/24"
RUN = f'quiet {ADDRESS} run="traffic 10.0.2.2"'


def vif(mode):
    return f"bridge=xenbr0,mode={mode}"


def kit_cfg(folder, mode, extra, number, cpus):
    """Of the guest of that number, on these of the machine's processors."""
    cfg = folder / f"{KIT_NAME}{number or ''}.cfg"
    cfg.write_text(f'name = "{cfg.stem}"\ntype = "pv"\nkernel = {xlcfg.quoted(str(KIT))}\nmemory = 32\n'
                   f'cpus = "{cpus}"\nextra = {xlcfg.quoted(f"ip=10.0.2.{FIRST_ADDRESS + number}/24 {extra}")}\n'
                   f'vif = [{xlcfg.quoted(vif(mode))}]\n')
    return cfg


@contextlib.contextmanager
def kit(mode, extra="", guests=1, cpus="all"):
    with tempfile.TemporaryDirectory(prefix="granite-") as name:
        folder = pathlib.Path(name)
        cfgs = [kit_cfg(folder, mode, extra, number, cpus) for number in range(guests)]
        yield prepare.boot_plan(prepare.prepare(cfgs, []).archive, folder, "", "", paths.HYPERVISOR_32)


@contextlib.contextmanager
def direct(extra=""):
    """The kit's program as first domain, with the card to itself."""
    yield BootPlan(paths.HYPERVISOR_32, "", [Module(KIT, f"{ADDRESS} {extra}")])


def program():
    try:
        return {"bin/traffic": cpio.program(PROGRAM.read_bytes())}
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}; `make` builds it") from error


def guest_root():
    return images.small(SERIES, "traffic", program())


def linux(mode, cpus="all"):
    return domain.plan(paths.HYPERVISOR_32, kernel(SERIES), guest_root(), dom0_cmdline="", memory=MEMORY_MB, cpus=cpus,
                       vif=[vif(mode)], extra=f"console=hvc0 {RUN}")


@contextlib.contextmanager
def bare():
    its_kernel = driving(SERIES)
    root = images.small_for(its_kernel, "traffic", program(), ("igb",))
    yield BootPlan(its_kernel.image, f"console=ttyS0 nokaslr bare=yes {RUN}", [Module(root)])


@contextlib.contextmanager
def xen():
    its_kernel = kernel(SERIES)
    root = xen_tools.root(SERIES, its_kernel, guest_root(), memory=MEMORY_MB, vif=["bridge=xenbr0"],
                          extra=f"console=hvc0 {RUN}")
    with tempfile.TemporaryDirectory(prefix="granite-") as name:
        plain = pathlib.Path(name, "vmlinux")
        plain.write_bytes(kernel_cache.unwrap(its_kernel.image.read_bytes(), its_kernel.image))
        yield BootPlan(paths.ORACLE, first_domain.oracle_options(domain.DRIVER_DOMAIN_MB),
                       [Module(plain, 'console=hvc0 quiet ip=off run="start-guest"'), Module(root)])
