# SPDX-License-Identifier: MIT
"""Where code is: the hypervisor's by the debugger's own means, a guest's by its frame pointers and page tables."""
import re

import gdb

from granitelib import paths, profile, symbols

from .machine import cpu_of_thread, domain, guest_registers, guest_word, vcpus
from .values import enumerator, number, text

HYPERVISOR = range(0xffff800000000000, 0xffff880000000000)
MOST_FRAMES = 32


def names_of(domain):
    """The symbols of the image that a domain was started from, as `granite run` has noted."""
    image = profile.noted_images(paths.SERIAL_SOCKET).get(text(domain["name"]))
    return symbols.of_guest(image) if image else symbols.Symbols([])


def place(vcpu):
    rip = guest_registers(vcpu)("rip")
    mode = "kernel" if vcpu["arch"].dereference()["kernel_mode"] else "user"
    return f"{mode} mode at {rip:#x} {names_of(vcpu['domain']).name(rip)}"


def guest_frames(vcpu):
    """Return addresses along the chain of frame pointers; what is not mapped, or leads downwards, ends it."""
    register = guest_registers(vcpu)
    yield register("rip")
    frame = register("rbp")
    for _ in range(MOST_FRAMES):
        caller, address = guest_word(vcpu, frame), guest_word(vcpu, frame + 8)
        if not address or caller is None:
            return
        yield address
        if caller <= frame:
            return
        frame = caller


def show_guest(vcpu):
    names = names_of(vcpu["domain"])
    print(f"d{number(vcpu['domain']['id'])} {text(vcpu['domain']['name'])} vcpu {number(vcpu['id'])}, "
          f"{enumerator(vcpu['sched']['state'])}:")
    for address in guest_frames(vcpu):
        print(f"  {address:#018x} {names.name(address)}")


def show_hypervisor(frame):
    """Up to where it was entered."""
    print("hypervisor:")
    for _ in range(MOST_FRAMES):
        if frame is None or not frame.is_valid() or frame.pc() not in HYPERVISOR:
            return
        where = frame.find_sal()
        line = f" at {where.symtab.filename}:{where.line}" if where.symtab else ""
        print(f"  {frame.pc():#018x} {frame.name() or '?'}{line}")
        try:
            frame = frame.older()
        except gdb.error:
            return


def current_vcpu():
    """That of the selected CPU, or none: the machine's own record of it, in the CPU's block."""
    cpu = cpu_of_thread(gdb.selected_thread())
    block = gdb.parse_and_eval("(unsigned long)&cpu_blocks") + cpu * 0x10000
    local = block.cast(gdb.lookup_type("arch::CpuLocal").pointer()).dereference()
    return local["current"].dereference() if local["current"] else None


def named(word):
    """`d1v0`, or a domain for its first vcpu."""
    of, n = re.fullmatch(r"(d?\d+)v(\d+)|.*", word).groups()
    for vcpu in vcpus(domain(of or word)):
        if number(vcpu["id"]) == int(n or 0):
            return vcpu
    raise gdb.GdbError(f"there is no vcpu {word}")


def backtrace(which):
    if which:
        return show_guest(named(which))
    frame = gdb.newest_frame()
    if frame.pc() in HYPERVISOR:
        show_hypervisor(frame)
    vcpu = current_vcpu()
    if vcpu is None:
        return print("and no guest")
    return show_guest(vcpu)
