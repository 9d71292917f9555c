// SPDX-License-Identifier: MIT
// Where the records of frames are.
#include "kernel/mm/frame_alloc.hpp"

namespace mm {

constinit FrameTable frame_table;

void init_frames(PageInfo* records, Mfn end, std::span<FrameRange const> ram) {
    frame_table = {records, end};
    for (FrameRange const& r : ram) {
        for (u64 i = 0; i < r.count; ++i) {
            PageInfo& p = records[(r.first + i).raw()];
            p.ram = true;
            p.order = PageInfo::not_free;
            // Held by the hypervisor until add_free() says otherwise.
            p.refs.store(1, std::memory_order_relaxed);
        }
    }
}

}  // namespace mm
