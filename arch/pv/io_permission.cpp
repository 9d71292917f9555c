// SPDX-License-Identifier: MIT
#include "arch/pv/io_permission.hpp"

#include "kernel/domain/domain.hpp"
#include "kernel/machine/mapping.hpp"

namespace pv {
namespace {

// The bitmap lies in the kernel's address space, which is not loaded while user
// space runs: it is read through its frame. What cannot be read allows nothing.
bool port_allowed(Vcpu& v, u32 port) {
    if (port >= v.arch->io_bitmap_ports)
        return false;
    Vaddr const at{v.arch->io_bitmap + port / 8};
    auto const frame = machine::frame_behind(v, at);
    PageInfo* const page = frame ? mm::page_of(*frame) : nullptr;
    auto const held = page ? PageRef::take_of(*page, v.domain.memory) : Fail{Errno::fault};
    if (!held)
        return false;
    u8 const denied = machine::frame_as<u8>(held->mfn())[offset_in_page(at)];
    return (denied >> port % 8 & 1) == 0;
}

}  // namespace

bool iopl_suffices(Vcpu const& v) {
    return v.arch->iopl >= (v.arch->kernel_mode ? 1 : 3);
}

bool ports_allowed(Vcpu& v, u16 port, unsigned bytes) {
    if (iopl_suffices(v))
        return true;
    for (u32 p = port; p < u32{port} + bytes; ++p)
        if (!port_allowed(v, p))
            return false;
    return true;
}

}  // namespace pv
