# SPDX-License-Identifier: MIT
"""Linux's own self-tests as programs for a guest: built from Debian's source
package when they are first asked for, nothing of which is kept in the tree."""
import concurrent.futures
import os
import subprocess

from .. import cpio, paths
from .packages import Archive, Unavailable, unpack

PACKAGE = "linux-source-6.1"
FOLDER = paths.BUILD / "linux" / "selftests"
LIST = paths.ROOT / "guest-pv" / "linux" / "selftests.txt"
SUITES = "tools/testing/selftests"
NEEDED = [f"*/{SUITES}/{what}" for what in ("*.h", "x86", "futex", "timers", "vm")] + ["*/arch/x86/include/asm/desc_defs.h"]


def chosen():
    """{FOLDER/NAME: further sources}"""
    lines = [line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    return {words[0]: words[1:] for words in lines}


def source():
    """The folder of the self-tests' sources."""
    tree = FOLDER / PACKAGE
    if not (tree / SUITES).exists():
        with Archive().fetched(PACKAGE) as files:
            unpack(files[0], FOLDER, f"*/{PACKAGE}.tar.xz")
        archive = next(FOLDER.rglob(f"{PACKAGE}.tar.xz"))
        subprocess.run(["tar", "-x", "-f", archive, "-C", FOLDER, "--wildcards", *NEEDED], check=True)
        archive.unlink()
    return tree / SUITES


def build(test, further):
    """The test's program, linked so that it needs nothing of the guest."""
    suites = source()
    folder, program = suites / os.path.dirname(test), FOLDER / test.replace("/", "-")
    if not program.exists():
        # Their warnings are not ours.
        done = subprocess.run(["gcc", "-O2", "-w", "-D_GNU_SOURCE", "-no-pie", "-static", "-I.", f"-I{suites}",
                               f"-I{suites}/futex/include", f"{suites / test}.c", *further, "-o", program, "-lpthread", "-lrt",
                               "-lm"], cwd=folder, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"{test} cannot be built: {done.stderr}")
    return program


def entries():
    """{path in the root file system: Entry} of all programs."""
    source()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        programs = pool.map(build, *zip(*chosen().items()))
        return {"selftests": cpio.folder(),
                **{f"selftests/{program.name}": cpio.program(program.read_bytes()) for program in programs}}
