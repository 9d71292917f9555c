# SPDX-License-Identifier: MIT
"""QEMU's command line for a machine that boots a plan."""
import dataclasses
import functools
import pathlib
import re
import shutil
import subprocess

from . import debugger
from .errors import UsageError
from .plan import BootPlan

PROGRAM = "qemu-system-x86_64"
DEBUG_EXIT_PORT = 0xf4
# What the driver domain drives; igb came with 8.0, the others are older.
NICS = {"igb": ("igb", (8, 0)), "e1000e": ("e1000e", (2, 7)), "virtio-net": ("virtio-net-pci", (2, 0))}
OVMF_CODE = pathlib.Path("/usr/share/OVMF/OVMF_CODE_4M.fd")
OVMF_VARS = pathlib.Path("/usr/share/OVMF/OVMF_VARS_4M.fd")


@dataclasses.dataclass
class Hardware:
    cpus: int = 1
    memory: str = "1G"
    cpu_model: str = "max"
    nics: list[str] = dataclasses.field(default_factory=list)   # KIND[,opt=...]
    netdev: str | None = None                                   # in place of user networking
    forwards: list[str] = dataclasses.field(default_factory=list)   # QEMU's hostfwd rules
    icount: bool = False
    gdb: bool = False
    extra: list[str] = dataclasses.field(default_factory=list)


@functools.cache
def version():
    if not shutil.which(PROGRAM):
        raise UsageError(f"there is no {PROGRAM} here; scripts/setup installs it")
    text = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.search(r"version (\d+)\.(\d+)", text).groups()))


def usual_nic():
    """The best of those that this QEMU has."""
    return "igb" if version() >= NICS["igb"][1] else "e1000e"


def nic_arguments(hardware):
    user = "user,id=net0" + "".join(f",hostfwd={rule}" for rule in hardware.forwards)
    arguments, number = [], 0
    for nic in hardware.nics:
        kind, _, options = nic.partition(",")
        if kind == "none":
            continue
        if kind not in NICS:
            raise UsageError(f"--nic {kind}: known are {', '.join(NICS)} and none")
        device, least = NICS[kind]
        if version() < least:
            raise UsageError(f"--nic {kind} needs QEMU {least[0]}.{least[1]}, this is {version()[0]}.{version()[1]}; "
                             "e1000e is older")
        backend = hardware.netdev or user if number == 0 else f"user,id=net{number}"
        if "id=" not in backend:
            backend += f",id=net{number}"
        identity = re.search(r"(?:^|,)id=([^,]+)", backend)[1]
        mac = "" if "mac=" in options else f",mac=52:54:00:67:72:{number:02x}"
        arguments += ["-netdev", backend, "-device", f"{device},netdev={identity}{mac}" + (options and f",{options}")]
        number += 1
    return arguments


def multiboot_arguments(plan: BootPlan):
    """QEMU's own loader; in its module list a comma in a name is doubled."""
    modules = [f"{m.path} {m.arguments}".strip().replace(",", ",,") for m in plan.modules]
    arguments = ["-kernel", str(plan.kernel)]
    if plan.cmdline:
        arguments += ["-append", plan.cmdline]
    return arguments + (["-initrd", ",".join(modules)] if modules else [])


def disc_arguments(image, uefi, folder):
    arguments = ["-drive", f"file={image},media=cdrom,format=raw,readonly=on", "-boot", "d"]
    if not uefi:
        return arguments
    if not OVMF_CODE.exists():
        raise UsageError(f"--boot uefi needs {OVMF_CODE}; scripts/setup installs it")
    variables = folder / "efi-variables.fd"
    shutil.copyfile(OVMF_VARS, variables)
    return arguments + ["-drive", f"if=pflash,format=raw,readonly=on,file={OVMF_CODE}",
                        "-drive", f"if=pflash,format=raw,file={variables}"]


def command(hardware, serial_socket, boot_arguments):
    """The whole command line; the serial line connects to `serial_socket`."""
    arguments = [PROGRAM, "-name", "granite", "-nodefaults", "-no-user-config", "-machine", "q35",
                 "-accel", "tcg", "-cpu", hardware.cpu_model, "-smp", str(hardware.cpus), "-m", hardware.memory,
                 "-display", "none", "-monitor", "none", "-no-reboot",
                 "-chardev", f"socket,id=com1,path={serial_socket}", "-serial", "chardev:com1",
                 "-chardev", f"socket,id=gdb,path={serial_socket.with_name(debugger.SOCKET)},server=on,wait=off",
                 "-gdb", "chardev:gdb",
                 "-device", f"isa-debug-exit,iobase={DEBUG_EXIT_PORT:#x},iosize=4"]
    if hardware.icount:
        arguments += ["-icount", "shift=0,sleep=off"]
    if hardware.gdb:
        arguments.append("-S")
    return arguments + nic_arguments(hardware) + boot_arguments + hardware.extra
