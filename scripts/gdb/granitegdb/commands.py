# SPDX-License-Identifier: MIT
"""`granite WHAT ...`: each function below is one command, its first line of documentation the help."""
import inspect

import gdb

from . import books, stacks, trail
from .machine import domain, domains, page, vcpus
from .printers import domain as domain_words, page_info, vcpu as vcpu_words


def show_domains():
    """All domains."""
    for each in domains():
        print(domain_words(each))


def show_vcpus(which=None):
    """Vcpus of all domains, or of one: `granite vcpus 1`."""
    for each in [domain(which)] if which else domains():
        for vcpu in vcpus(each):
            print(f"{vcpu_words(vcpu)}, {stacks.place(vcpu)}")


def show_frame(mfn):
    """What the frame table says of a machine frame: `granite frame 0x1234`."""
    print(page_info(page(int(mfn, 0))))


def show_grants(which):
    """What a domain grants and others use now: `granite grants 1`."""
    books.grants(domain(which))


def show_maptrack(which):
    """What a domain has mapped of others."""
    books.maptrack(domain(which))


def show_evtchn(which):
    """A domain's event channels."""
    books.channels(domain(which))


def show_ring(which, ref):
    """The indices of a ring that a domain has granted: `granite ring 1 8`, see `xl network-list`."""
    books.ring(domain(which), int(ref, 0))


def show_backtrace(which=None):
    """Of this CPU, into the guest it works for; or of a vcpu wherever it is: `granite backtrace d1v0`."""
    stacks.backtrace(which)


def show_trace(count="20"):
    """The last events that were traced, the newest last: `granite trace 50`. `trace on` in the monitor begins."""
    trail.show(int(count, 0))


COMMANDS = {name.removeprefix("show_"): run for name, run in sorted(globals().items()) if name.startswith("show_")}


def arguments_of(run):
    return " ".join(f"[{p.name}]" if p.default is not p.empty else p.name for p in inspect.signature(run).parameters.values())


class Granite(gdb.Command):
    """Domains, frames, grants and what happened last, on a running Granite."""

    def __init__(self):
        super().__init__("granite", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)

    def invoke(self, argument, from_tty):
        for name, run in COMMANDS.items():
            print(f"granite {name} {arguments_of(run).upper()} -- {run.__doc__}")


class One(gdb.Command):
    def __init__(self, name, run):
        self.__doc__ = run.__doc__
        self._name, self._run = name, run
        super().__init__(f"granite {name}", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        try:
            inspect.signature(self._run).bind(*words)
        except TypeError:
            raise gdb.GdbError(f"usage: granite {self._name} {arguments_of(self._run).upper()}")
        try:
            self._run(*words)
        except ValueError as error:     # of int()
            raise gdb.GdbError(f"granite {self._name}: {error}")


def register():
    Granite()
    for name, run in COMMANDS.items():
        One(name, run)
