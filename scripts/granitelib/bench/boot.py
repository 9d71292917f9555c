# SPDX-License-Identifier: MIT
"""What it takes to start a Linux guest: instructions of the whole machine, and
the hypervisor's among them, from `xl create` on, counted by a plugin of QEMU."""
import pathlib
import re
import subprocess
import tempfile

from .. import cpio, first_domain, paths, qemu
from ..errors import UsageError
from ..linux import domain, images
from ..linux.kernel import kernel
from ..linux.packages import Unavailable
from .measure import results

SERIES = "6.1"
MEMORY_MB = 128
PLUGIN = paths.BUILD / "count_instructions.so"
FIRST_PROCESS = paths.BUILD / "guests" / "linux" / "ops-first"
# Of the driver domain: where `xl create` begins, and where the guest may run.
CREATE = re.compile(r"^(\w+) T _ZN7control9Toolstack6createE", re.MULTILINE)
UNPAUSE = re.compile(r"^(\w+) T _ZN7control6domctl7unpauseE", re.MULTILINE)
ENTRY = re.compile(r"Entry point address:\s+0x(\w+)")
ENDED = re.compile(r"Power down|System halted|shut down: |crashed", re.MULTILINE)


def tool(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def marks():
    """The addresses to wait for, in the order in which they come."""
    symbols = tool("nm", f"{paths.DRIVER_DOMAIN}.debug")
    return [int(where, 16) for where in (CREATE.search(symbols)[1], UNPAUSE.search(symbols)[1],
                                         ENTRY.search(tool("readelf", "-h", FIRST_PROCESS))[1])]


def counts(hypervisor):
    """(all, the hypervisor's) instructions at each mark."""
    if not PLUGIN.exists() or not FIRST_PROCESS.exists():
        raise UsageError(f"{PLUGIN} and {FIRST_PROCESS} are needed; `make` builds them")
    root = images.small(SERIES, "first", {"bin/ops-first": cpio.program(FIRST_PROCESS.read_bytes())})
    with tempfile.NamedTemporaryFile(prefix="granite-") as file, \
            domain.plan(hypervisor, kernel(SERIES), root, memory=MEMORY_MB, vif=[],
                        extra="quiet rdinit=/bin/ops-first") as plan:
        plugin = ",".join([str(PLUGIN), f"out={file.name}", *(f"mark={mark:x}" for mark in marks())])
        hardware = qemu.Hardware(nics=["none"], icount=True, cpu_model="Nehalem", extra=["-plugin", plugin])
        output = first_domain.boot(plan, hardware, ENDED.search)
        return read(pathlib.Path(file.name).read_text(), output)


def read(lines, output):
    found = {int(mark, 16): (int(total), int(own)) for mark, total, own in map(str.split, lines.splitlines())}
    try:
        return [found[mark] for mark in marks()]
    except KeyError as error:
        raise first_domain.Unfinished("Linux did not come to its first process", output) from error


def figures(hypervisor):
    begin, released, first = counts(hypervisor)
    return {"linux_create_returned": released[0] - begin[0],
            "linux_first_process": first[0] - begin[0],
            "linux_first_process_hypervisor": first[1] - begin[1]}


def suite(with_xen):
    try:
        own = figures(paths.HYPERVISOR_32)
        return results("boot", "linux", own, {"xen": figures(paths.ORACLE)} if with_xen else {})
    except Unavailable as error:
        raise UsageError(str(error)) from error
