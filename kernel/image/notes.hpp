// SPDX-License-Identifier: MIT
// What a kernel asks of its domain builder, told in ELF notes of owner "Xen"
// (xen/elfnote.h).
#pragma once

#include <optional>
#include <string_view>

#include "kernel/image/elf.hpp"

namespace image {

struct GuestNotes {
    std::string_view guest_os = "unknown";
    std::string_view loader = "generic";
    std::string_view xen_version = "xen-3.0";
    std::optional<u64> entry;
    u64 virt_base = 0;     // virtual address of PFN 0
    u64 paddr_offset = 0;  // physical address, in the file, of PFN 0
    std::optional<u64> hypercall_page;
    std::optional<u64> init_p2m;  // where to map the P2M list
    bool ramdisk_by_pfn = false;  // the ramdisk need not be mapped
    std::string_view features;
};

// The notes checked: a kernel that asks for what cannot be given is refused.
Loadable<GuestNotes> read_notes(Elf const& elf);

}  // namespace image
