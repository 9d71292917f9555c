# SPDX-License-Identifier: MIT
"""One machine under the generator's traffic, and what is noted of each piece of work."""
import pathlib
import tempfile

from ... import first_domain, paths, qemu
from ...errors import UsageError
from .record import read
from .wire import Wire

PLUGIN = paths.BUILD / "traffic.so"
# The machine's clock begins at the same time in every run, and counts instructions.
SAME_EACH_TIME = ["-rtc", "base=2026-01-01,clock=vm", "-seed", "1"]


def ended(file):
    return file.stat().st_size > 0 and file.read_text().endswith("done\n")


def run(system):
    """Records of all its works."""
    if not PLUGIN.exists():
        raise UsageError(f"{PLUGIN} is not there; `make` builds it")
    with Wire() as wire, tempfile.NamedTemporaryFile(prefix="granite-") as file, system.plan() as plan:
        record = pathlib.Path(file.name)
        options = [*wire.plugin_options, f"out={file.name}", *(f"work={work}" for work in system.works)]
        hardware = qemu.Hardware(nics=["igb"], netdev=wire.card, memory=system.memory, cpu_model="Nehalem", icount=True,
                                 extra=[*wire.arguments, *SAME_EACH_TIME, "-plugin", ",".join([str(PLUGIN), *options])])
        output = first_domain.boot(plan, hardware, first_domain.PANIC.search, lambda: ended(record), wire.files)
        if not ended(record):
            raise first_domain.Unfinished("the hypervisor panicked", output)
        return read(record.read_text())
