# SPDX-License-Identifier: MIT
"""The machines that are measured: hypervisor, driver domain, guest, and its mode of delivery."""
import contextlib
import dataclasses
import pathlib
import tempfile
from collections.abc import Callable

from ... import cpio, paths, prepare, xlcfg
from ...errors import UsageError
from ...linux import domain, images
from ...linux.kernel import driving, kernel
from ...plan import BootPlan, Module
from . import symbols

SERIES = "6.1"
PROGRAM = paths.BUILD / "guests" / "linux" / "traffic"
KIT = paths.BUILD / "guests" / "traffic.elf"
MODES = ("copy",)

PACKETS = 16000
DATAGRAMS = [f"{kind}:{frame}:{PACKETS}" for kind in ("rx", "tx") for frame in (1514, 60)]
STREAMS = ["tcp-rx:1514:16000", "tcp-tx:1514:16000"]
ECHO = ["echo:60:200"]
FLOOD = ["flood:1514:400000"]


@dataclasses.dataclass
class System:
    """`images` are the symbols of the hypervisor, then of each further part in the order in which they start."""
    guest: str
    mode: str
    works: list[str]
    plan: Callable
    images: dict[str, Callable]
    memory: str = "1G"
    peer: str = ""


@contextlib.contextmanager
def kit_plan(mode, extra):
    with tempfile.TemporaryDirectory(prefix="granite-") as name:
        folder = pathlib.Path(name)
        cfg = folder / "traffic.cfg"
        cfg.write_text(f'name = "traffic"\ntype = "pv"\nkernel = {xlcfg.quoted(str(KIT))}\nmemory = 32\n'
                       f'extra = {xlcfg.quoted("ip=10.0.2.20/24 " + extra)}\nvif = [{xlcfg.quoted(vif(mode))}]\n')
        yield prepare.boot_plan(prepare.prepare([cfg], []).archive, folder, "", "shell=off", paths.HYPERVISOR_32)


def vif(mode):
    return "bridge=xenbr0" if mode == "copy" else f"bridge=xenbr0,mode={mode}"


def program():
    try:
        return {"bin/traffic": cpio.program(PROGRAM.read_bytes())}
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}; `make` builds it") from error


RUN = 'quiet ip=10.0.2.20/24 run="traffic 10.0.2.2"'


def linux_plan(mode):
    return domain.plan(paths.HYPERVISOR_32, kernel(SERIES), images.small(SERIES, "traffic", program()), memory=128,
                       vif=[vif(mode)], extra=f"console=hvc0 {RUN}")


@contextlib.contextmanager
def bare_plan():
    its_kernel = driving(SERIES)
    root = images.small_for(its_kernel, "traffic", program(), ("igb",))
    yield BootPlan(its_kernel.image, f"console=ttyS0 nokaslr bare=yes {RUN}", [Module(root)])


GRANITE = {"hypervisor": lambda: symbols.of_elf(paths.HYPERVISOR),
           "driver domain": lambda: symbols.of_elf(f"{paths.DRIVER_DOMAIN}.debug")}


LINUX_WORKS = DATAGRAMS + STREAMS + ECHO + FLOOD


def linux_symbols():
    return symbols.of_linux(kernel(SERIES))


def kit(mode):
    parts = {**GRANITE, "guest": lambda: symbols.of_elf(f"{KIT}.debug")}
    return [System("kit", mode, DATAGRAMS + ECHO + FLOOD, lambda: kit_plan(mode, ""), parts),
            System("kit", mode, STREAMS, lambda: kit_plan(mode, "tcp"), parts)]


def linux(mode):
    parts = {**GRANITE, "guest": linux_symbols}
    return [System("linux", mode, LINUX_WORKS, lambda: linux_plan(mode), parts)]


def bare():
    """Linux that drives the card itself, without a hypervisor."""
    return System("linux", "", LINUX_WORKS, bare_plan, {"guest": linux_symbols}, peer="bare")


def own():
    return [system for mode in MODES for system in kit(mode) + linux(mode)]


def peers():
    return [bare()]
