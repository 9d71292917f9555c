# SPDX-License-Identifier: MIT
"""Boots one kit guest as the first domain: of Granite, or of Debian's Xen, the oracle."""
import contextlib
import re
import time

from . import paths, qemu
from .errors import UsageError
from .machine import Machine
from .plan import BootPlan, Module

GENEROUS_S = 1200
LAST_LINES = 60
# Besides line ends, the mark by which the driver domain tells Granite whose a
# line is: on Xen it stays in the text.
NOT_TEXT = re.compile(r"[\r\x01]")
PANIC = re.compile(r"^(\((?:GR\) PANIC|XEN\) Panic on CPU)[^\n]*)\n", re.MULTILINE)


def on_granite(image, cmdline="", cpus=1, nic="none"):
    return BootPlan(paths.HYPERVISOR_32, cmdline, [Module(image)]), qemu.Hardware(nics=[nic], cpus=cpus)


def oracle_options(memory_mb, further="", vcpus=1):
    """The oracle's command line for a first domain with so much memory and so many vcpus."""
    memory = f"dom0_mem={memory_mb}M,max:{memory_mb}M"
    return f"console=com1 com1=115200,8n1 {memory} dom0_max_vcpus={vcpus} noreboot {further}".rstrip()


def on_oracle(image, cmdline="", cpus=1, nic="none"):
    options = oracle_options(512, cmdline, vcpus=cpus)
    # Without what the emulated CPU's newer models have, this Xen boots faster.
    hardware = qemu.Hardware(nics=[nic], cpu_model="Nehalem", cpus=cpus)
    return BootPlan(paths.ORACLE, options, [Module(image)]), hardware


class Unfinished(Exception):
    """What was waited for did not come; says why, and what the serial line said last."""

    def __init__(self, why, output):
        super().__init__(f"{why}\n{last_words(output)}")
        self.output = output


def last_words(text):
    """The end of what a machine said, where it tells why it failed."""
    lines = text.splitlines()
    left_out = [f"[{len(lines) - LAST_LINES} lines before these]"] if len(lines) > LAST_LINES else []
    return "\n".join(left_out + lines[-LAST_LINES:])


class Transcript:
    """Collects what the serial line says, and asks at the end of each line whether that is all."""

    def __init__(self, ended):
        self.text = ""      # whole lines: half a line may say something else than the whole one
        self.ended = False
        self._ended = ended
        self._part = b""

    def feed(self, data):
        whole, newline, self._part = (self._part + data).rpartition(b"\n")
        if newline:
            self.text += self._plain(whole + newline)
            self.ended = self.ended or bool(self._ended(self.text))

    @staticmethod
    def _plain(data):
        return NOT_TEXT.sub("", data.decode(errors="replace"))

    def all(self):
        return self.text + self._plain(self._part)


@contextlib.contextmanager
def started(plan, hardware, files=()):
    """The Machine, which runs. QEMU inherits the files with these numbers."""
    with Machine() as machine:
        if not machine.start(qemu.command(hardware, machine.machine_socket, qemu.multiboot_arguments(plan)), files):
            raise UsageError(f"QEMU did not start: {machine.complaint}")
        yield machine


def listen(machine, ended, done=lambda: False, limit_s=GENEROUS_S):
    """What the serial line says from now on, in whole lines, until `ended(text)` or `done()`;
    Unfinished if that never comes."""
    transcript = Transcript(ended)
    machine.hub.watchers.append(transcript.feed)
    deadline = time.monotonic() + limit_s
    while not transcript.ended and not done():
        if not machine.hub.open:
            raise Unfinished(machine.end, transcript.all())
        if time.monotonic() > deadline:
            raise Unfinished(f"nothing that ends it within {limit_s} s", transcript.all())
        machine.hub.step(0.2)
    machine.hub.watchers.remove(transcript.feed)
    return transcript.text


def boot(plan, hardware, ended, limit_s=GENEROUS_S):
    with started(plan, hardware) as machine:
        return listen(machine, ended, limit_s=limit_s)
