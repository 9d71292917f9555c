# SPDX-License-Identifier: MIT
"""Domains, vcpus, frames and guests' memory."""
import gdb

from .values import bare, elements, memory, number, static, text

PAGE_SIZE = 4096
DIRECT_MAP = 0xffff830000000000     # arch/mm/layout.hpp: all RAM, by machine address
CPU_BLOCK_SIZE = 0x10000            # arch/cpu/percpu.hpp
PRESENT, LARGE = 1 << 0, 1 << 7
FRAME_BITS = 0x000ffffffffff000


def domains():
    table = elements(static("domains::(anonymous namespace)::table"))
    for n in range(number(static("domains::(anonymous namespace)::table_end"))):
        if domain := bare(table[n]):
            yield domain.dereference()


def domain(word):
    """By number or name: `1`, `d1`, `web`."""
    for each in domains():
        if word in (str(number(each["id"])), f"d{number(each['id'])}", text(each["name"])):
            return each
    raise gdb.GdbError(f"there is no domain {word}")


def vcpus(of):
    for n in range(int(of["vcpu_limit"])):
        if vcpu := elements(of["vcpus"])[n]:
            yield vcpu.dereference()


def frame_count():
    return number(static("mm::frame_table")["end"])


def page(mfn):
    """The record of a frame."""
    if mfn >= frame_count():
        raise gdb.GdbError(f"frame {mfn:#x} is behind the last one, {frame_count() - 1:#x}")
    return static("mm::frame_table")["records"][mfn]


def mfn_of(record):
    """Of a pointer to a frame's record."""
    return int(record - static("mm::frame_table")["records"])


def cpu_of_thread(thread):
    return thread.num - 1


def guest_registers(vcpu):
    """Where they are now: a function that answers with one by name."""
    saved = vcpu["arch"].dereference()["regs"]
    if number(vcpu["sched"]["on_cpu"]):
        cpu = number(vcpu["sched"]["cpu"])
        if live := live_registers(cpu):
            return live
        end = int(gdb.parse_and_eval("(unsigned long)&cpu_blocks")) + (cpu + 1) * CPU_BLOCK_SIZE
        saved = gdb.Value(end - saved.type.sizeof).cast(saved.type.pointer()).dereference()
    return lambda name: int(saved[name])


def live_registers(cpu):
    """Those of the CPU itself, if it is in a guest."""
    chosen = gdb.selected_thread()
    try:
        next(t for t in gdb.selected_inferior().threads() if cpu_of_thread(t) == cpu).switch()
        frame = gdb.newest_frame()
        if int(frame.read_register("cs")) & 3 == 0:
            return None
        values = {name: int(frame.read_register(name).cast(gdb.lookup_type("unsigned long")))
                  for name in ("rip", "rsp", "rbp")}
        return values.get
    finally:
        chosen.switch()


def physical(address):
    return int.from_bytes(memory(DIRECT_MAP + address, 8), "little")


def translate(root_mfn, address):
    """A guest's address as a machine address; None where nothing is mapped."""
    table = root_mfn * PAGE_SIZE
    for shift in (39, 30, 21, 12):
        entry = physical(table + (address >> shift) % 512 * 8)
        if not entry & PRESENT:
            return None
        table = entry & FRAME_BITS
        if shift == 12 or (entry & LARGE and shift in (21, 30)):
            return (table & ~((1 << shift) - 1)) | address & ((1 << shift) - 1)
    return None


def guest_word(vcpu, address):
    """Eight bytes of the guest's memory by its own page tables; None where nothing is mapped."""
    state = vcpu["arch"].dereference()
    root = state["kernel_root" if state["kernel_mode"] or not state["user_root"]["page_"] else "user_root"]["page_"]
    if not root or address % 8:
        return None
    at = translate(mfn_of(root), address)
    return None if at is None else physical(at)
