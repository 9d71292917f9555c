// SPDX-License-Identifier: MIT
#include "guest-pv/apps/havoc/values.hpp"

#include "guest-pv/apps/havoc/world.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/time.hpp"

namespace havoc {
namespace {

using namespace rt;

u64 of_pool(Random& r) {
    return world().pool[r.below(pool_frames)].load(std::memory_order_relaxed);
}

u64 frame_of_window_table(Random& r) {
    return mfn_of(world().window_entries[r.below(window_pages)]).raw();
}

u64 stray_frame(Random& r) {
    u64 const last = world().last_frame;
    return r.one_of({u64{0}, u64{1}, u64{0x9f}, u64{0xb8}, u64{0xff}, u64{0xfee00}, u64{0xfec00}, last,
                     last + 1, (u64{1} << 40) - 1, (u64{1} << 52) - 1, ~u64{0}, r.below(last), r.below(last),
                     r.below(last), r.below(4096), r.wild()});
}

// As a working kernel has them, with some bits turned over now and then.
u64 entry_flags(Random& r) {
    u64 flags = r.one_of({page_table::data, page_table::data, page_table::read_only_data, page_table::code,
                          page_table::table, page_table::present, u64{0}});
    if (r.once_in(4))
        flags ^= u64{1} << r.below(12);
    if (r.once_in(16))
        flags ^= u64{1} << (52 + r.below(12));
    return flags;
}

}  // namespace

u64 frame(Random& r) {
    u64 const f = r.once_in(5) ? stray_frame(r) : of_pool(r);
    return world().needed(f) ? of_pool(r) : f;
}

u64 frame_or_table(Random& r) {
    return r.once_in(6) ? r.one_of({world().root.raw(), world().twin.raw(), frame_of_window_table(r)})
                        : frame(r);
}

u64 entry(Random& r) {
    if (r.once_in(5))
        return 0;
    return page_table::entry_for(Mfn{frame_or_table(r) & ((u64{1} << 40) - 1)}, 0) | entry_flags(r);
}

u64 entry_address(Random& r) {
    constexpr u64 first_of_hypervisor = 256;
    u64 const command = r.once_in(8) ? r.below(8) : 0;
    switch (r.below(8)) {
        case 0:
            return (maddr_of(world().root) + (first_of_hypervisor + r.below(16)) * sizeof(u64)).raw() |
                   command;
        case 1:
        case 2:
        case 3:
            return maddr_of(Mfn{frame(r)}).raw() + r.below(512) * sizeof(u64) + command;
        default:
            return world().window_entries[r.below(window_pages)].raw() | command;
    }
}

u64 window_address(Random& r) {
    u64 const offset = r.once_in(3) ? r.below(page_size) : r.below(512) * sizeof(u64);
    return world().window.address(r.below(window_pages)).raw() + offset;
}

u64 hostile_address(Random& r) {
    return r.one_of({u64{0}, u64{8}, u64{1} << 46, (u64{1} << 47) - 8, u64{1} << 47, ~u64{0} << 47, ~u64{7},
                     ~u64{0}, u64{0xffff820000000000}, u64{0xffff828000200000}, u64{0xffff830000000000},
                     u64{0xffff880000000000} - 4, world().window.address(window_pages).raw() - 4,
                     window_address(r), window_address(r), window_address(r), window_address(r)});
}

u64 address(Random& r) {
    return r.once_in(6) ? hostile_address(r) : window_address(r);
}

u64 domain(Random& r) {
    if (!r.once_in(3))
        return DOMID_SELF;
    return r.one_of({u64{0}, u64{1}, u64{2}, u64{3}, u64{4}, u64{5}, u64{DOMID_IO}, u64{DOMID_XEN},
                     u64{DOMID_COW}, u64{DOMID_INVALID}, u64{DOMID_IDLE}, r.below(0x10000), r.wild()});
}

u64 port(Random& r) {
    return r.once_in(8) ? r.one_of({u64{0}, u64{4095}, u64{4096}, u64{131072}, u64{0xffffffff}, r.wild()})
                        : r.below(48);
}

u64 grant_ref(Random& r) {
    constexpr u64 last = 4 * page_size / sizeof(grant_entry_v1_t) - 1;
    return r.once_in(10) ? r.one_of({last, last + 1, u64{0x7fffffff}, u64{0xffffffff}}) : r.below(64);
}

u64 handle(Random& r) {
    return r.once_in(8) ? r.one_of({u64{0xffff}, u64{0x7fffffff}, u64{0xffffffff}}) : r.below(64);
}

u64 count(Random& r) {
    if (!r.once_in(6))
        return r.below(5);
    return r.one_of({u64{16}, u64{512}, u64{1} << 20, (u64{1} << 31) - 1, u64{1} << 31, u64{0xffffffff},
                     u64{1} << 32, u64{1} << 61, ~u64{0}, r.wild()});
}

u64 vcpu(Random& r) {
    return r.once_in(6) ? r.one_of({u64{31}, u64{32}, u64{0x7fffffff}, u64{0xffffffff}, ~u64{0}, r.wild()})
                        : r.below(6);
}

u64 time(Random& r) {
    auto const now = static_cast<u64>(rt::now());
    return r.one_of({u64{0}, u64{1}, now, now - r.below(1 << 20), now + r.below(1 << 17), u64{1} << 62,
                     u64{1} << 63, (u64{1} << 63) - 1, ~u64{0}});
}

}  // namespace havoc
