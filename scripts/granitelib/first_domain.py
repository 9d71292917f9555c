# SPDX-License-Identifier: MIT
"""Boots one kit guest as the first domain: of Granite, or of Debian's Xen, the oracle."""
import re
import time

from . import paths, qemu
from .errors import UsageError
from .machine import Machine
from .plan import BootPlan, Module

GENEROUS_S = 1200
# Besides line ends, the mark by which the driver domain tells Granite whose a
# line is: on Xen it stays in the text.
NOT_TEXT = re.compile(r"[\r\x01]")
PANIC = re.compile(r"^(\((?:GR\) PANIC|XEN\) Panic on CPU)[^\n]*)\n", re.MULTILINE)


def on_granite(image, cmdline="", cpus=1):
    return BootPlan(paths.HYPERVISOR_32, cmdline, [Module(image)]), qemu.Hardware(nics=["none"], cpus=cpus)


def oracle_options(memory_mb, further="", vcpus=1):
    """The oracle's command line for a first domain with so much memory and so many vcpus."""
    memory = f"dom0_mem={memory_mb}M,max:{memory_mb}M"
    return f"console=com1 com1=115200,8n1 {memory} dom0_max_vcpus={vcpus} noreboot {further}".rstrip()


def on_oracle(image, cmdline="", cpus=1):
    options = oracle_options(512, cmdline, vcpus=cpus)
    # Without what the emulated CPU's newer models have, this Xen boots faster.
    hardware = qemu.Hardware(nics=["none"], cpu_model="Nehalem", cpus=cpus)
    return BootPlan(paths.ORACLE, options, [Module(image)]), hardware


def boot(plan, hardware, ended):
    """The serial line's text until `ended(text)`, or until nothing more is to be expected."""
    with Machine() as machine:
        received = bytearray()

        def text():
            return NOT_TEXT.sub("", received.decode(errors="replace"))
        machine.hub.watchers.append(received.extend)
        if not machine.start(qemu.command(hardware, machine.machine_socket, qemu.multiboot_arguments(plan))):
            raise UsageError(f"QEMU did not start: {machine.complaint}")
        deadline = time.monotonic() + GENEROUS_S
        while machine.hub.open and time.monotonic() < deadline and not ended(text()):
            machine.hub.step(0.2)
        return text()
