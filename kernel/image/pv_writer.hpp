// SPDX-License-Identifier: MIT
// Carries a PvLayout out: fills the frames of a new guest. What remains to the
// builder are the calls only it can make: M2P entries, pinning the L4, the
// first virtual CPU.
#pragma once

#include <string_view>

#include "kernel/abi/xen.hpp"
#include "kernel/image/guest_memory.hpp"
#include "kernel/image/pv_layout.hpp"

namespace image {

// What the guest is told beside its layout.
struct StartFacts {
    Maddr shared_info{};
    u32 flags = 0;  // SIF_*; those that follow from the layout are added
    EvtchnPort store_port{};
    EvtchnPort console_port{};
    std::string_view command_line;
};

Result<> write_kernel(Kernel const& kernel, PvLayout const& layout, GuestMemory const& memory);
Result<> write_ramdisk(PvLayout const& layout, GuestMemory const& memory, Bytes ramdisk);
Result<> write_p2m(PvLayout const& layout, GuestMemory const& memory);
Result<> write_tables(PvLayout const& layout, GuestMemory const& memory);
// Errno::toobig: the command line is longer than the page has room for.
Result<> write_start_info(PvLayout const& layout, GuestMemory const& memory, StartFacts const& facts);

// Registers of the first virtual CPU; `context` is zeroed by its owner.
void fill_context(PvLayout const& layout, GuestMemory const& memory, vcpu_guest_context_t& context);

}  // namespace image
