// SPDX-License-Identifier: MIT
// A paravirtual kernel image, looked at and found loadable.
#pragma once

#include "kernel/image/notes.hpp"

namespace image {

struct Kernel {
    Elf elf;
    GuestNotes notes;
    // Pages that its segments touch, counted from the frame at virt_base.
    Pfn first{};
    Pfn end{};
    Vaddr entry{};

    static Loadable<Kernel> parse(Bytes file);

    // Offset of a segment in the guest's own memory.
    [[nodiscard]] u64 offset_of(Segment const& segment) const { return segment.paddr - notes.paddr_offset; }
};

}  // namespace image
