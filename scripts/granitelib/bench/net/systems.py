# SPDX-License-Identifier: MIT
"""The machines that are measured: what runs on them, and the work they are given."""
import dataclasses
import functools
from collections.abc import Callable

from ... import paths, symbols
from ...linux import domain
from ...linux.kernel import kernel
from . import plans

KIT_MODES = ("queue", "guest-copy", "mapped", "copy")
LINUX_MODES = ("queue", "mapped", "copy")
APART_MODES = ("copy", "guest-copy")
# KIND:LENGTH:NUMBER of frames; 1514 is an IP packet of 1500, 60 the least with its check sequence left out.
DATAGRAMS = [f"{kind}:{frame}:16000" for kind in ("rx", "tx") for frame in (1514, 60)]
STREAMS = ["tcp-rx:1514:16000", "tcp-tx:1514:16000"]
CROWD = 8      # one more than the 82576 has queues for: the first of its eight pools is the driver domain's
ECHO = ["echo:60:200"]
FLOOD = ["flood:1514:400000"]
# What comes at the card does so once in a period, given in nanoseconds (see scripts/plugin/traffic/load.cpp).
PERIOD = 50_000
LOADED = {"kit": ("queue", "copy"), "linux": ("copy",)}
LOADS = [f"load:1514:4000:{percent}:{PERIOD}" for percent in (25, 50, 75, 90)]


@dataclasses.dataclass
class System:
    guest: str
    mode: str       # that is asked for
    works: list[str]
    plan: Callable
    # Symbols of the hypervisor, if there is one, and of what runs on it, in the order in which it starts.
    images: dict[str, Callable]
    memory: str = "1G"
    cpus: int = 1
    guests: int = 1
    command: str = ""   # typed at the driver domain's shell when it is there
    peer: str = ""
    period: int = 0     # of nanoseconds, at whose end frames come at the card; 0: at once
    domain: str = ""    # the guest's name, where the driver domain is ours

    @property
    def name(self):
        return f"{self.guest}/{self.peer or self.mode}"


def kit_symbols():
    return symbols.of_elf(f"{plans.KIT}.debug")


def linux_symbols():
    return symbols.of_linux(kernel(plans.SERIES).image)


GRANITE = {"hypervisor": lambda: symbols.of_elf(paths.HYPERVISOR),
           "driver domain": lambda: symbols.of_elf(f"{paths.DRIVER_DOMAIN}.debug")}


def kit(mode):
    parts = {**GRANITE, "guest": kit_symbols}
    return [System("kit", mode, DATAGRAMS + ECHO + FLOOD, functools.partial(plans.kit, mode), parts, domain=plans.KIT_NAME),
            System("kit", mode, STREAMS, functools.partial(plans.kit, mode, "tcp"), parts, domain=plans.KIT_NAME)]


def direct():
    """The kit's program on a queue of the card itself. It drops what it has no page for, so a flood of
    any speed costs nothing and tells nothing."""
    parts = {"hypervisor": GRANITE["hypervisor"], "guest": kit_symbols}
    return [System("kit", "direct", DATAGRAMS + ECHO, plans.direct, parts),
            System("kit", "direct", STREAMS, lambda: plans.direct("tcp"), parts)]


def beside(system):
    """The same guest with a processor of its own, and the driver domain with another."""
    works = [work for work in system.works if work in DATAGRAMS + STREAMS]
    return dataclasses.replace(system, guest=f"{system.guest}-apart", works=works, cpus=2,
                               command="xl vcpu-pin Domain-0 0 0", plan=functools.partial(system.plan, cpus="1"))


def crowd(mode):
    """More guests than there are processors, and one more than can have a queue. Who that is differs, so
    nobody is asked in which mode he was served."""
    return System("kit-crowd", mode, [f"rx:1514:{CROWD * 2048}"], lambda: plans.kit(mode, guests=CROWD),
                  {**GRANITE, "guest": kit_symbols}, cpus=4, guests=CROWD)


def linux(mode):
    """Where it is flooded nothing went before: streams take a guest off the card for a while."""
    usual = System("linux", mode, DATAGRAMS + STREAMS + ECHO, functools.partial(plans.linux, mode),
                   {**GRANITE, "guest": linux_symbols}, domain=domain.NAME)
    return [usual, dataclasses.replace(usual, works=FLOOD)]


def bare():
    """Linux that drives the card itself, without a hypervisor."""
    return System("linux", "", DATAGRAMS + STREAMS + ECHO + FLOOD, plans.bare, {"guest": linux_symbols}, peer="bare")


def xen():
    """Debian's Xen, which carries no symbols, with Linux as its driver domain."""
    parts = {"hypervisor": lambda: symbols.Symbols([]), "driver domain": linux_symbols, "guest": linux_symbols}
    return System("linux", "", DATAGRAMS + STREAMS + ECHO + FLOOD, plans.xen, parts, memory="2G", peer="xen")


def loaded(system):
    """The same machine, where what comes at the card is no more than it can take."""
    return dataclasses.replace(system, works=LOADS, period=PERIOD)


def own():
    unlimited = direct() + [system for mode in KIT_MODES for system in kit(mode)] + [
        system for mode in LINUX_MODES for system in linux(mode)]
    several = [beside(system) for mode in APART_MODES for system in [*kit(mode), linux(mode)[0]]] + [crowd("queue")]
    return unlimited + several + [loaded(system) for system in unlimited
                        if system.mode in LOADED[system.guest] and set(DATAGRAMS) <= set(system.works)]


def peers():
    return [bare(), xen()]
