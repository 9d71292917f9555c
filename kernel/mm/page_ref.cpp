// SPDX-License-Identifier: MIT
// General references. Counting stops well before the count wraps, so that the
// one reference a partial frame takes for itself always fits (PT-02).
#include "kernel/mm/page_end.hpp"

namespace mm {
namespace {

constexpr u32 ref_ceiling = u32{1} << 30;

}  // namespace

Result<> get_ref(PageInfo& p) {
    u32 old = p.refs.load(std::memory_order_relaxed);
    do {
        u32 const count = old & ~PageInfo::assigned;
        if (count == 0 || count >= ref_ceiling) [[unlikely]]
            return Fail{Errno::busy};
    } while (
        !p.refs.compare_exchange_weak(old, old + 1, std::memory_order_acquire, std::memory_order_relaxed));
    return {};
}

Result<> get_ref_of(PageInfo& p, PageOwner const& owner) {
    TRY_VOID(get_ref(p));
    // Held now, the frame cannot change its owner under the comparison.
    if (p.owner.load(std::memory_order_acquire) != &owner) [[unlikely]] {
        put_ref(p);
        return Fail{Errno::inval};
    }
    return {};
}

void put_ref(PageInfo& p) {
    u32 const old = p.refs.fetch_sub(1, std::memory_order_acq_rel);
    ASSERT((old & ~PageInfo::assigned) != 0);
    // An assigned frame counts its owner's hold, so it never gets here.
    if (old == 1)
        end_of_use(p);
}

}  // namespace mm
