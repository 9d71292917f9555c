# SPDX-License-Identifier: MIT
"""One machine under the generator's traffic, and what is noted of each piece of work."""
import tempfile

from ... import first_domain, paths, qemu
from ...errors import UsageError
from . import interface, kept
from .notes import Notes
from .wire import Wire

PROMPT = "granite> "
PLUGIN = paths.BUILD / "traffic.so"
# The machine's clock begins at the same time in every run, and counts instructions.
SAME_EACH_TIME = ["-rtc", "base=2026-01-01,clock=vm", "-seed", "1"]


def late(period):
    """Of what the card gets, whatever came since the last period's end comes at the end of this one."""
    return ["-object", f"filter-buffer,id=late,netdev=net0,queue=tx,interval={period // 1000}"] if period else []


def hardware(system, wire, output):
    options = [*wire.plugin_options, f"out={output}", f"guests={system.guests}",
               *(f"work={work}" for work in system.works)]
    return qemu.Hardware(nics=["igb"], netdev=wire.card, cpus=system.cpus, memory=system.memory, cpu_model="Nehalem",
                         icount=True, extra=[*wire.arguments, *late(system.period), *SAME_EACH_TIME,
                                     "-plugin", ",".join([str(PLUGIN), *options])])


def observe(system, plan, tell=lambda record: None):
    """What its generator notes, and the guest's Interface if it has one. Each record is told of when it is there."""
    with Wire() as wire, tempfile.NamedTemporaryFile("r", prefix="granite-") as file, \
            first_domain.started(plan, hardware(system, wire, file.name), wire.files) as machine:
        if system.command:
            first_domain.listen(machine, lambda text: PROMPT in text)
            machine.hub.type(f"{system.command}\r".encode())
        notes = Notes(file, tell)
        output = first_domain.listen(machine, first_domain.PANIC.search, notes.take_in)
        if not notes.complete:
            raise first_domain.Unfinished(notes.failure or "the hypervisor panicked", output)
        return notes, interface.of(machine, system.domain) if system.domain else None


def run(system, tell=lambda record: None, again=False):
    """The same, unless it is known of the same machine."""
    if not PLUGIN.exists():
        raise UsageError(f"{PLUGIN} is not there; `make` builds it")
    with system.plan() as plan:
        place = kept.place(system, plan, PLUGIN)
        if known := None if again else kept.recall(place, tell):
            return known
        notes, its_interface = observe(system, plan, tell)
        kept.keep(place, notes, its_interface)
        return notes, its_interface
