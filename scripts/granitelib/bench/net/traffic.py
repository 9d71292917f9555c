# SPDX-License-Identifier: MIT
"""One machine under the generator's traffic, and what is noted of each piece of work."""
import tempfile

from ... import first_domain, paths, qemu
from ...errors import UsageError
from . import interface
from .notes import Notes
from .wire import Wire

PLUGIN = paths.BUILD / "traffic.so"
# The machine's clock begins at the same time in every run, and counts instructions.
SAME_EACH_TIME = ["-rtc", "base=2026-01-01,clock=vm", "-seed", "1"]


def hardware(system, wire, output):
    options = [*wire.plugin_options, f"out={output}", *(f"work={work}" for work in system.works)]
    return qemu.Hardware(nics=["igb"], netdev=wire.card, cpus=system.cpus, memory=system.memory, cpu_model="Nehalem",
                         icount=True, extra=[*wire.arguments, *SAME_EACH_TIME, "-plugin", ",".join([str(PLUGIN), *options])])


def run(system, tell=lambda record: None):
    """Records of all its works, each told of when it is there, and the guest's Interface if it has one."""
    if not PLUGIN.exists():
        raise UsageError(f"{PLUGIN} is not there; `make` builds it")
    with Wire() as wire, tempfile.NamedTemporaryFile("r", prefix="granite-") as file, system.plan() as plan, \
            first_domain.started(plan, hardware(system, wire, file.name), wire.files) as machine:
        notes = Notes(file, tell)
        output = first_domain.listen(machine, first_domain.PANIC.search, notes.take_in)
        if not notes.complete:
            raise first_domain.Unfinished("the hypervisor panicked", output)
        return notes.records, interface.of(machine, system.domain) if system.domain else None
