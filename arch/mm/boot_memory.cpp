// SPDX-License-Identifier: MIT
#include "arch/mm/boot_memory.hpp"

#include <algorithm>

namespace arch {

bool BootMemory::add(Maddr start, Maddr end) {
    return start >= end || free_.push({start, end});
}

bool BootMemory::remove(Maddr start, Maddr end) {
    Maddr const from{round_down(start.raw(), page_size)};
    Maddr const to{round_up(end.raw(), page_size)};
    FixedVector<Range, 288> kept;
    for (Range const& r : free_) {
        Range const below{r.start, std::min(r.end, from)};
        Range const above{std::max(r.start, to), r.end};
        if (below.start < below.end && !kept.push(below))
            return false;
        if (above.start < above.end && !kept.push(above))
            return false;
    }
    free_ = kept;
    return true;
}

std::optional<Maddr> BootMemory::allocate(u64 bytes, u64 align, Maddr limit) {
    u64 const size = round_up(bytes, page_size);
    std::optional<Maddr> best;
    for (Range const& r : free_) {
        u64 const end = std::min(r.end, limit).raw();
        if (end < size || round_down(end - size, align) < r.start.raw())
            continue;
        Maddr const at{round_down(end - size, align)};
        if (!best || *best < at)
            best = at;
    }
    if (best && !remove(*best, *best + size))
        return {};
    return best;
}

}  // namespace arch
