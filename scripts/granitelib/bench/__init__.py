# SPDX-License-Identifier: MIT
"""`granite bench`: what services cost, in instructions, here and on Debian's Xen.

QEMU counts instructions as time, so a guest that reads the time-stamp counter
counts instructions, and two runs of the same build print the same digits.
"""
import json
import sys

from .. import first_domain, paths
from ..errors import Exit, UsageError
from . import boot, linux, micro, net
from .table import table

SUITES = {"micro": micro.suite, "linux": linux.suite, "boot": boot.suite, "net": net.suite}
# What shows a suite's results; one line each says all of most.
SHOWN_BY = {"net": net.tables.text}


def write(file, results):
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("[\n" + ",\n".join(map(json.dumps, results)) + "\n]\n")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


def report(results, json_file):
    for suite, its_own in results.items():
        print(SHOWN_BY.get(suite, table)(its_own), end="")
    if json_file:
        write(json_file, [result for its_own in results.values() for result in its_own])
        return
    for suite, its_own in results.items():
        write(paths.BUILD / "bench" / f"{suite}.json", its_own)


def measured(suite, options):
    print(f"granite: bench {suite}", file=sys.stderr, flush=True)
    further = {"net": {"patterns": options.only, "again": options.again}}
    return SUITES[suite](options.peer == "xen", **further.get(suite, {}))


def act(options):
    chosen = SUITES if options.suite == "all" else [options.suite]
    if options.suite != "net" and (options.only or options.publish):
        raise UsageError("--only and --publish are about the suite net: name it")
    try:
        results = {suite: measured(suite, options) for suite in chosen}
    except first_domain.Unfinished as error:
        print(f"granite: {error}", file=sys.stderr)
        return Exit.PANIC if first_domain.PANIC.search(error.output) else Exit.GUEST_CRASHED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    report(results, options.json)
    if options.publish:
        net.publish.publish(net.tables.text(results["net"]), net.report.PICTURE)
    return Exit.OK
