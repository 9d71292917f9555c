# SPDX-License-Identifier: MIT
"""Runs one kit test guest as the first domain of a hypervisor.

The verdict is the last line of the guest's output; see tests/guest/verdict.hpp.
"""
import dataclasses
import re
import time

from granitelib import paths, qemu
from granitelib.machine import Machine
from granitelib.plan import BootPlan, Module

GENEROUS_S = 300
VERDICT = re.compile(r"^(?:\(d0\) )?(SUCCESS|FAILURE|SKIP|ERROR)(?: ([^\r\n]*))?\r*\n", re.MULTILINE)
PANIC = re.compile(r"^(\((?:GR\) PANIC|XEN\) Panic on CPU)[^\r\n]*)\r*\n", re.MULTILINE)


@dataclasses.dataclass
class Outcome:
    word: str       # of the verdict, or DIED
    reason: str
    output: str


def on_granite(test, cmdline=""):
    return BootPlan(paths.HYPERVISOR_32, cmdline, [Module(test)]), qemu.Hardware(nics=["none"])


def on_oracle(test, cmdline=""):
    options = f"console=com1 com1=115200,8n1 dom0_mem=512M,max:512M dom0_max_vcpus=1 noreboot {cmdline}"
    # Without what the emulated CPU's newer models have, this Xen boots faster.
    return BootPlan(paths.ORACLE, options, [Module(test)]), qemu.Hardware(nics=["none"], cpu_model="Nehalem")


def outcome_of(output):
    if found := PANIC.search(output):
        return Outcome("DIED", found[1], output)
    if found := VERDICT.findall(output):
        return Outcome(*found[-1], output)
    return None


def boot(plan, hardware):
    """Boots until there is a verdict, a panic, or silence for good."""
    with Machine() as machine:
        received = bytearray()
        machine.hub.watchers.append(received.extend)
        command = qemu.command(hardware, machine.machine_socket, qemu.multiboot_arguments(plan))
        assert machine.start(command), machine.complaint
        deadline = time.monotonic() + GENEROUS_S
        while machine.hub.open and time.monotonic() < deadline:
            machine.hub.step(0.2)
            if outcome := outcome_of(received.decode(errors="replace").replace("\r", "")):
                return outcome
        return Outcome("DIED", "no verdict", received.decode(errors="replace"))
