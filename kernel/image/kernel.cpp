// SPDX-License-Identifier: MIT
#include "kernel/image/kernel.hpp"

#include <algorithm>

namespace image {
namespace {

struct Extent {
    u64 lowest = ~u64{0};
    u64 highest = 0;
};

Extent extent_of(Elf const& elf) {
    Extent extent;
    for (unsigned i = 0; i < elf.segments(); ++i) {
        if (auto const segment = elf.loadable(i)) {
            extent.lowest = std::min(extent.lowest, segment->paddr);
            extent.highest = std::max(extent.highest, segment->paddr + segment->memory_size);
        }
    }
    return extent;
}

}  // namespace

Loadable<Kernel> Kernel::parse(Bytes file) {
    auto const elf = Elf::parse(file);
    if (!elf)
        return refuse(elf.error());
    auto const notes = read_notes(*elf);
    if (!notes)
        return refuse(notes.error());
    Extent const extent = extent_of(*elf);
    if (extent.lowest < notes->paddr_offset)
        return refuse("a kernel with a segment below its own base address");

    Kernel kernel{*elf, *notes};
    kernel.first = Pfn{(extent.lowest - notes->paddr_offset) >> page_shift};
    kernel.end = Pfn{pages_for(extent.highest - notes->paddr_offset)};
    kernel.entry = Vaddr{notes->entry.value_or(elf->entry())};
    u64 const entry_page = (kernel.entry.raw() - notes->virt_base) >> page_shift;
    if (kernel.entry.raw() < notes->virt_base || entry_page < kernel.first.raw() ||
        entry_page >= kernel.end.raw())
        return refuse("a kernel whose entry point lies outside of it");
    if (notes->hypercall_page) {
        u64 const page = (*notes->hypercall_page - notes->virt_base) >> page_shift;
        if ((*notes->hypercall_page & page_mask) != 0 || page < kernel.first.raw() ||
            page >= kernel.end.raw())
            return refuse("a kernel whose hypercall page lies outside of it");
    }
    return kernel;
}

}  // namespace image
