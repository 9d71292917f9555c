# SPDX-License-Identifier: MIT
"""The command line of scripts/granite."""
import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys

from . import bench, debugger, inspect, paths
from .errors import Exit, UsageError
from .web.server import USUAL_PORT


def size(text):
    if not re.fullmatch(r"[1-9][0-9]*[MG]?", text):
        raise argparse.ArgumentTypeError(f"{text}: a size such as 512M or 2G was expected")
    return text


def positive(text):
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text}: a number from 1 up was expected")
    return int(text)


def port(text):
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text}: a port number was expected")
    return int(text)


def seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{text}: a number of seconds was expected")
    return value


def add_run(verbs):
    run = verbs.add_parser("run", help="boot guests in QEMU", description="Packs guests into a boot image and runs it "
                           "in QEMU. Exit status: 0 ended as asked, 2 usage or unreadable file, 3 a guest crashed, "
                           "4 the hypervisor panicked, 5 audit found a fault, 124 time ran out.")
    run.add_argument("guests", metavar="GUEST.cfg", nargs="*", help="xl.cfg files (the demo)")
    run.add_argument("--headless", action="store_true", help="no terminal: serial output only")
    run.add_argument("--until-shutdown", action="store_true", help="end when every named guest has ended")
    run.add_argument("--until", metavar="TEXT", help="end well as soon as a serial line contains TEXT")
    run.add_argument("--timeout", metavar="S", type=seconds, help="give up after S seconds (never)")
    run.add_argument("--smp", metavar="N", type=positive, default=1, help="physical CPUs (1)")
    run.add_argument("--memory", metavar="SIZE", type=size, default="1G", help="machine memory (1G)")
    run.add_argument("--nic", metavar="KIND[,opt=..]", action="append",
                     help="igb, e1000e, virtio-net or none; may be repeated (igb; e1000e before QEMU 8.0)")
    run.add_argument("--netdev", metavar="ARG", help="for QEMU's -netdev, in place of user networking")
    run.add_argument("--forward", metavar="HOST:GUEST:PORT", action="append", default=[],
                     help="a TCP port of this machine's loopback that leads to a guest; may be repeated")
    run.add_argument("--icount", action="store_true", help="deterministic: count instructions as time")
    run.add_argument("--cmdline", metavar="TEXT", default="", help="hypervisor command line, added")
    run.add_argument("--dom0-cmdline", metavar="TEXT", default="", help="driver domain command line, added")
    run.add_argument("--serial-log", metavar="FILE", help="copy of everything on the serial line")
    run.add_argument("--boot", choices=("kernel", "iso", "uefi"), default="kernel",
                     help="QEMU's own loader, GRUB by BIOS, GRUB by UEFI (kernel)")
    run.add_argument("--gdb", action="store_true", help="wait for a debugger, print how to attach")
    run.add_argument("--qemu-arg", metavar="ARG", action="append", default=[], help="passed to QEMU; may be repeated")
    run.add_argument("--at-hand", metavar="GUEST.cfg", action="append", default=[],
                     help="packed but not started: for `xl create`; may be repeated")
    run.set_defaults(act=act_run)


def act_run(options):
    from . import run   # termios and QEMU: only where they are needed
    return run.run(options)


def add_iso(verbs):
    iso = verbs.add_parser("iso", help="make an image that boots by BIOS and by UEFI")
    iso.add_argument("file", metavar="FILE", type=pathlib.Path)
    iso.add_argument("guests", metavar="GUEST.cfg", nargs="*", help="xl.cfg files (the demo)")
    iso.add_argument("--cmdline", metavar="TEXT", default="", help="hypervisor command line, added")
    iso.add_argument("--dom0-cmdline", metavar="TEXT", default="", help="driver domain command line, added")
    iso.set_defaults(act=act_iso)


def act_iso(options):
    from . import prepare
    prepare.write_iso(options.file, options.guests, options.cmdline, options.dom0_cmdline)
    return Exit.OK


def add_inspect(verbs):
    verb = verbs.add_parser("inspect", help="ask the monitor of the running machine",
                            description="Without CMD: asks what is typed, with completion, until end of input. "
                            "Exit status: 0, 1 the monitor refused, 2 no machine answers.")
    verb.add_argument("--socket", metavar="PATH", type=pathlib.Path, default=paths.SERIAL_SOCKET,
                      help="serial socket (that of the newest run)")
    verb.add_argument("--device", metavar="PATH", type=pathlib.Path, dest="socket",
                      help="serial device of a real machine, such as /dev/ttyS0, in place of a socket")
    verb.add_argument("-j", dest="json", action="store_true", help="JSON, one object a line")
    verb.add_argument("--for", dest="seconds", metavar="S", type=seconds,
                      help="with --chrome: trace from now on for so long, rather than write what was kept")
    verb.add_argument("--svg", metavar="FILE", type=pathlib.Path, help="draw the answer of `walk next DOM` as a picture")
    verb.add_argument("-v", dest="verbose", action="store_true", help="more, where CMD has more to say")
    what = verb.add_mutually_exclusive_group()
    what.add_argument("--chrome", metavar="FILE", type=pathlib.Path,
                      help="write what was traced for Perfetto or Chrome's viewer")
    what.add_argument("--web", metavar="PORT", type=port, nargs="?", const=USUAL_PORT,
                      help=f"serve a page on loopback that shows the machine ({USUAL_PORT}; 0: any)")
    what.add_argument("command", metavar="CMD", nargs="*", default=[])
    verb.set_defaults(act=inspect.act)


def add_bench(verbs):
    verb = verbs.add_parser("bench", help="count what services cost", description="Runs a benchmark in QEMU and prints "
                            "a table in instructions; the results go to build/bench/SUITE.json. Exit status: 0, 2 usage "
                            "or something is missing, 3 the guest did not come to its end, 4 a hypervisor panicked.")
    verb.add_argument("suite", metavar="SUITE", nargs="?", choices=(*bench.SUITES, "all"), default="all",
                      help="micro: single services, seen by the guest that asks for them; linux: Linux's own "
                      "services; boot: what it takes to start it; net: what traffic takes; all (all)")
    verb.add_argument("--peer", choices=("xen",), help="the same work on Debian's Xen too, with the ratio")
    verb.add_argument("--only", metavar="PATTERN", action="append", default=[],
                      help="of net, rows that fit GUEST/MODE/WORK, such as 'kit/*/echo'; may be repeated")
    verb.add_argument("--again", action="store_true", help="of net: measure what is known of the same images, too")
    verb.add_argument("--publish", action="store_true", help="of net: put tables and picture beside the README")
    verb.add_argument("--json", metavar="FILE", type=pathlib.Path, help="for the results, in place of build/bench")
    verb.set_defaults(act=bench.act)


def add_gdb(verbs):
    verb = verbs.add_parser("gdb", help="a debugger on the running machine",
                            description="Attaches gdb to the newest `granite run`, which stands still meanwhile, with "
                            "printers for its types and the commands `granite ...`.")
    verb.add_argument("--boot", action="store_true", help="boot a machine for it, which waits before its first instruction")
    verb.add_argument("--ex", metavar="CMD", action="append", default=[], help="a command of gdb; may be repeated")
    verb.add_argument("--batch", action="store_true", help="leave when these are done")
    verb.add_argument("run_options", metavar="-- ...", nargs="*", help="with --boot: options of `granite run`")
    verb.set_defaults(act=debugger.act)


def add_setup(verbs):
    verb = verbs.add_parser("setup", help="install what building and testing need")
    verb.set_defaults(act=lambda _: subprocess.run([paths.ROOT / "scripts" / "setup"], check=False).returncode)


def end_tidily(_signal, _frame):
    """SIGTERM leaves every `with` on its way out, so no machine is left behind."""
    raise SystemExit(Exit.TERMINATED)


def main(arguments):
    signal.signal(signal.SIGTERM, end_tidily)
    parser = argparse.ArgumentParser(prog="granite", description="The host tool of the Granite hypervisor.")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for add in (add_run, add_iso, add_inspect, add_gdb, add_bench, add_setup):
        add(verbs)
    try:
        options = parser.parse_args(arguments)
        return options.act(options)
    except UsageError as error:
        print(f"granite: {error}", file=sys.stderr)
        return Exit.USAGE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:     # whoever read our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
