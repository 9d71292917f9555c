# SPDX-License-Identifier: MIT
"""A guest that computes beside three that flood (guest-pv/apps/storm), in virtual time."""
import re

from granitelib import paths

FLOODS = 3
REPORT = r"\(d\d+\) burn: 1 vcpus ran (\d+) of (\d+) us, (\d+) looks\r?\n"
FROM = 700      # ms of system time, when all guests are there


def beside_floods(machine, burn, folder, processors, kinds, span):
    """What part of one processor it was given beside them, and what it got done with that, as a part of what it
    gets done alone. It computes for three times `span` ms. Floods come with the second, when they may use what they
    saved up asleep, and the third counts."""
    guests = [burn("worker", extra=f"from={FROM} for={span} times=3")]
    guests += [flood(folder, f"flood{n}", f"from={FROM + span} kinds={kinds}") for n in range(FLOODS)]
    session = machine("--icount", "--smp", processors, "--nic", "none", *guests)
    for _ in range(3):
        session.expect(REPORT)
    alone, _, beside = [tuple(map(int, found)) for found in re.findall(REPORT, session.output())]
    (ran_alone, _, looks_alone), (ran, passed, looks) = alone, beside
    return ran / passed, looks / passed * ran_alone / looks_alone


def flood(folder, name, extra):
    path = folder / f"{name}.cfg"
    path.write_text(f'name = "{name}"\ntype = "pv"\nkernel = "{paths.BUILD / "guests" / "storm.elf"}"\n'
                    f'memory = 16\nvcpus = 4\nextra = "{extra}"\n')
    return path
