// SPDX-License-Identifier: MIT
#include "kernel/init/dom0_frames.hpp"

#include <algorithm>
#include <bit>

#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/m2p.hpp"

namespace init {
namespace {

constexpr unsigned largest_block = 9;  // 2 MiB

struct Block {
    Mfn first{};
    unsigned order = 0;
};

// The largest block not above `order` that can still be had.
Result<Block> allocate_block(PageOwner& owner, unsigned order) {
    for (;; --order) {
        auto const first = mm::alloc_domain_frames(owner, order);
        if (first)
            return Block{*first, order};
        if (order == 0)
            return Fail{first.error()};
    }
}

}  // namespace

Result<Dom0Frames> Dom0Frames::allocate(Domain& d, u64 pages) {
    auto p2m = TRY(mm::HeapArray<Mfn>::make(pages));
    for (u64 done = 0; done < pages;) {
        unsigned const fits = static_cast<unsigned>(std::bit_width(pages - done)) - 1;
        Block const b = TRY(allocate_block(d.memory, std::min(fits, largest_block)));
        for (u64 i = 0; i < u64{1} << b.order; ++i, ++done) {
            p2m[done] = b.first + i;
            mm::m2p_set(p2m[done], Pfn{done});
        }
    }
    return Dom0Frames{std::move(p2m)};
}

}  // namespace init
