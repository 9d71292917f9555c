# SPDX-License-Identifier: MIT
"""What machines were measured with, kept under build/bench/machines: the same images would
give the same digits again. So peers are measured once, and what was interrupted goes on."""
import contextlib
import hashlib
import io

from ... import kernel_cache, paths, qemu
from .interface import Interface
from .notes import Notes

FOLDER = paths.BUILD / "bench" / "machines"
NEWEST = 100


def place(system, plan, plugin):
    """The file of such a machine, by all that goes into it."""
    seen = hashlib.sha256()
    for file in (plugin, plan.kernel, *(module.path for module in plan.modules)):
        seen.update(hashlib.sha256(file.read_bytes()).digest())
    words = (plan.cmdline, *(module.arguments for module in plan.modules), *system.works, system.memory, system.cpus,
             system.guests, system.command, system.period, qemu.version())
    seen.update(repr(words).encode())
    return FOLDER / f"{system.name.replace('/', '-')}-{seen.hexdigest()[:16]}.txt"


def keep(file, notes, interface):
    """Below the generator's lines, one with what the driver domain says."""
    last = f"interface {interface.mode} {interface.dropped}\n" if interface else ""
    kernel_cache.store(file, (notes.text + last).encode(), NEWEST)


def recall(file, tell):
    """(notes, interface), or None if they are not there."""
    with contextlib.suppress(FileNotFoundError):
        text, done, last = file.read_text().partition("done\n")
        notes = Notes(io.StringIO(text + done), tell)
        notes.take_in()
        _, *known = last.split() or [""]
        return notes, Interface(known[0], int(known[1])) if known else None
    return None
