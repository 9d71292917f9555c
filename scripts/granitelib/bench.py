# SPDX-License-Identifier: MIT
"""`granite bench`: what services cost, in instructions, here and on Debian's Xen.

QEMU counts instructions as time, so a guest that reads the time-stamp counter
counts instructions, and two runs of the same build print the same digits.
"""
import dataclasses
import json
import re
import sys

from . import first_domain, paths
from .errors import Exit, UsageError

MICRO_GUEST = paths.BUILD / "guests" / "micro.elf"
MICRO_LINE = re.compile(r"^(?:\(d0\) )?micro (\w+) (\d+)$", re.MULTILINE)
MICRO_DONE = re.compile(r"^(?:\(d0\) )?micro done$", re.MULTILINE)


class Unfinished(Exception):
    """The guest did not come to its end; the argument is what the serial line said."""


def micro_figures(output):
    """{metric: instructions}"""
    if not MICRO_DONE.search(output):
        raise Unfinished(output)
    return {metric: int(value) for metric, value in MICRO_LINE.findall(output)}


def measure(plan, hardware):
    for image in (plan.kernel, *(module.path for module in plan.modules)):
        if not image.exists():
            raise UsageError(f"{image} is not there; `make` builds the guest, `scripts/setup` unpacks Xen")
    # The same CPU below both hypervisors: their choices by feature are the same.
    hardware = dataclasses.replace(hardware, icount=True, cpu_model="Nehalem")
    return micro_figures(first_domain.boot(
        plan, hardware, lambda text: MICRO_DONE.search(text) or first_domain.PANIC.search(text)))


def micro(with_xen):
    own = measure(*first_domain.on_granite(MICRO_GUEST, "dom0_mem=256M"))
    peers = {"xen": measure(*first_domain.on_oracle(MICRO_GUEST))} if with_xen else {}
    return [{"suite": "micro", "metric": metric, "guest": "kit", "mode": "", "value": value, "unit": "instructions",
             "peer": {peer: theirs[metric] for peer, theirs in peers.items() if metric in theirs}}
            for metric, value in own.items()]


SUITES = {"micro": micro}


def row(result):
    xen = result["peer"].get("xen")
    return (result["metric"], str(result["value"]), "-" if xen is None else str(xen),
            f"{result['value'] / xen:.2f}" if xen else "-")


def table(results, with_xen):
    """The results as text, a line each below the names of the columns."""
    rows = [("metric", "Granite", "Xen", "Granite/Xen"), *map(row, results)]
    rows = [cells if with_xen else cells[:2] for cells in rows]
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "".join("  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]) + "\n"
                   for cells in rows)


def write(file, results):
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("[\n" + ",\n".join(map(json.dumps, results)) + "\n]\n")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


def act(options):
    with_xen = options.peer == "xen"
    chosen = SUITES if options.suite == "all" else [options.suite]
    try:
        results = {suite: SUITES[suite](with_xen) for suite in chosen}
    except Unfinished as error:
        output = str(error)
        print(f"{output}\ngranite: the guest of the benchmark did not come to its end", file=sys.stderr)
        return Exit.PANIC if first_domain.PANIC.search(output) else Exit.GUEST_CRASHED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    together = [result for suite in results.values() for result in suite]
    print(table(together, with_xen), end="")
    if options.json:
        write(options.json, together)
    else:
        for suite, its_own in results.items():
            write(paths.BUILD / "bench" / f"{suite}.json", its_own)
    return Exit.OK
