# SPDX-License-Identifier: MIT
"""The rings of kernel/trace, as they lie in memory: also of a machine that no longer answers."""
import struct

import gdb

from .values import bare, elements, length, memory, number, static

EVENT = struct.Struct("<4Q")
PAGE = 4096
NOBODY = 0xffff


def kind_names():
    return [field.name.rpartition("::")[2] for field in gdb.lookup_type("trace::Kind").fields()]


def events_of(cpu, recorder):
    """(time, cpu, head, a, b) of what a CPU has kept of the present record."""
    pages, written = recorder["pages"], number(recorder["ring"]["written_"])
    kept = [memory(int(pages["data_"][page]), PAGE) for page in range(int(recorder["taken"]))]
    in_page, room = PAGE // EVENT.size, int(pages["size_"]) * PAGE // EVENT.size
    for n in range(max(number(recorder["first"]), written - room + 1), written):
        page, slot = divmod(n % room, in_page)
        time, head, a, b = EVENT.unpack_from(kept[page], slot * EVENT.size)
        yield time, cpu, head, a, b


def who_of(head):
    domain, vcpu = head >> 32, head >> 16 & 0xffff
    return "-" if domain == NOBODY else f"d{domain}v{vcpu}"


def show(count):
    recorders = elements(static("trace::(anonymous namespace)::recorders"))
    events = []
    for cpu in range(length(recorders)):
        if recorder := bare(recorders[cpu]):
            events += events_of(cpu, recorder.dereference())
    if not events:
        print("nothing was traced: `trace on` in the monitor, or `scripts/granite inspect trace on`")
    names = kind_names()
    for time, cpu, head, a, b in sorted(events)[-count:]:
        print(f"{time:>14} ns  cpu {cpu}  {who_of(head):<6} {names[head & 0xff]:<9} {a:#x} {b:#x}")
