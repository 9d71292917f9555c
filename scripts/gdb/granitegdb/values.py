# SPDX-License-Identifier: MIT
"""Values of gdb without what C++ wraps around them."""
import functools

import gdb


def bare(value):
    """What a std::atomic or a strong number holds."""
    name = str(value.type.strip_typedefs().unqualified())
    if name.startswith("std::atomic<bool"):
        return value["_M_base"]["_M_i"]
    if name.startswith("std::atomic<") and name.rstrip(">").endswith("*"):
        pointer = value["_M_b"]["_M_p"]
        return pointer.cast(pointer.type.strip_typedefs())     # by another name it is true even if it is null
    if name.startswith("std::atomic<"):
        return bare(value["_M_i"])
    if name.startswith(("Strong<", "Steps<")):
        return value["v_"]
    return value


def number(value):
    return int(bare(value))


def elements(value):
    """Of a std::array."""
    return value["_M_elems"]


def length(array):
    return array.type.strip_typedefs().range()[1] + 1


def text(value):
    """A std::array of char with a zero at its end."""
    data = bytes(int(elements(value)[i]) & 0xff for i in range(value.type.sizeof))
    return data.split(b"\0")[0].decode("utf-8", "replace")


def enumerator(value):
    """`running` of `Domain::Life::running`."""
    return str(bare(value)).rpartition("::")[2]


@functools.cache
def symbol(name):
    """Optimized as one piece, a file's own variables are declared in one place and lie in another."""
    found = [*gdb.lookup_static_symbols(name), gdb.lookup_global_symbol(name)]
    return next(each for each in found if each and each.value().address is not None)


def static(name):
    """A variable by its whole name. The debugger's own words where it cannot be read are of little help."""
    value = symbol(name).value()
    try:
        memory(int(value.address), 1)
    except gdb.MemoryError:
        raise gdb.GdbError("the hypervisor cannot be read from here: this CPU runs a guest with page tables of the "
                           "guest's own. Boot with --cmdline xpti=off, or `hbreak syscall_entry` and continue.")
    return value


def memory(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size))
