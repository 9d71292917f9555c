# SPDX-License-Identifier: MIT
"""From what was asked for to what is booted: guests, archive, plan."""
import dataclasses
import pathlib
import tempfile

from . import demo, grub, paths, qemu, xlcfg
from .boot_archive import BootArchive
from .errors import UsageError
from .forwards import Forward, assign_addresses
from .plan import BootPlan, Module

ARCHIVE = "boot.cpio"


@dataclasses.dataclass
class Prepared:
    guests: list            # started at boot
    at_hand: list           # that can be created later
    forwards: list[Forward]
    rules: list[str]        # the forwards, as QEMU wants them
    archive: bytes


def prepare(cfg_files, forwards, create_later=()):
    """Reads and packs guests; without any, the demo's."""
    if not cfg_files:
        cfg_files, its_forwards = demo.guests()
        create_later, forwards = demo.AT_HAND, its_forwards + forwards
    started = [xlcfg.read(pathlib.Path(f)) for f in cfg_files]
    at_hand = [xlcfg.read(pathlib.Path(f)) for f in create_later]
    wanted = [Forward.parse(f) for f in forwards]
    rules, guests = assign_addresses(wanted, started + at_hand)
    archive = BootArchive()
    for number, guest in enumerate(guests):
        archive.add(guest, start=number < len(started))
    if paths.NETWORK_DOMAIN.exists():
        archive.add_network_domain(paths.NETWORK_DOMAIN)
    return Prepared(guests[:len(started)], guests[len(started):], wanted, rules, archive.data())


def boot_plan(archive, folder, cmdline, dom0_cmdline, kernel):
    """The plan with `archive` written into `folder`."""
    for image in (kernel, paths.DRIVER_DOMAIN):
        if not image.exists():
            raise UsageError(f"{image} is not there; `make` builds it")
    module = folder / ARCHIVE
    module.write_bytes(archive)
    return BootPlan(kernel, cmdline, [Module(paths.DRIVER_DOMAIN, dom0_cmdline), Module(module)])


def boot_arguments(way, archive, folder, cmdline="", dom0_cmdline=""):
    """QEMU's arguments for --boot kernel, iso or uefi."""
    if way == "kernel":
        return qemu.multiboot_arguments(boot_plan(archive, folder, cmdline, dom0_cmdline, paths.HYPERVISOR_32))
    image = folder / "granite.iso"
    grub.make_image(boot_plan(archive, folder, cmdline, dom0_cmdline, paths.HYPERVISOR), image)
    return qemu.disc_arguments(image, way == "uefi", folder)


def write_iso(output, cfg_files, cmdline, dom0_cmdline):
    prepared = prepare(cfg_files, [])
    with tempfile.TemporaryDirectory(prefix="granite-") as folder:
        plan = boot_plan(prepared.archive, pathlib.Path(folder), cmdline, dom0_cmdline, paths.HYPERVISOR)
        grub.make_image(plan, output)
