// SPDX-License-Identifier: MIT
// Where the records of frames are.
#include "kernel/mm/frame_alloc.hpp"

namespace mm {
namespace {

PageInfo* table = nullptr;
Mfn table_end{};

}  // namespace

PageInfo* page_of(Mfn m) {
    if (m >= table_end) [[unlikely]]
        return nullptr;
    PageInfo& p = table[m.raw()];
    return p.ram ? &p : nullptr;
}

Mfn mfn_of(PageInfo const& p) {
    return Mfn{static_cast<u64>(&p - table)};
}

Mfn max_mfn() {
    return table_end;
}

void init_frames(PageInfo* records, Mfn end, std::span<FrameRange const> ram) {
    table = records;
    table_end = end;
    for (FrameRange const& r : ram) {
        for (u64 i = 0; i < r.count; ++i) {
            PageInfo& p = table[(r.first + i).raw()];
            p.ram = true;
            p.order = PageInfo::not_free;
            // Held by the hypervisor until add_free() says otherwise.
            p.refs.store(1, std::memory_order_relaxed);
        }
    }
}

}  // namespace mm
