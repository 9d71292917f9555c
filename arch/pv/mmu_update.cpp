// SPDX-License-Identifier: MIT
// mmu_update: lists of explicit page-table updates.
#include "arch/pv/batch.hpp"
#include "arch/pv/subjects.hpp"
#include "arch/pv/table_update.hpp"
#include "kernel/mm/m2p.hpp"

namespace {

using namespace arch;

constexpr u64 command_mask = 7;
constexpr unsigned table_owner_shift = 16;  // of domid; the field is the id + 1

struct Call {
    Vcpu& vcpu;
    PageOwner& tables;
    Authority frames;
};

bool is_table(PageType t) {
    return t >= PageType::l1 && t <= PageType::l4;
}

// A frame that is no table is written like any other memory.
Result<> write_plain(PageInfo& page, u64 offset, u64 value, PageOwner& owner) {
    TypeRef const held = TRY(TypeRef::take(page, PageType::writable, owner));
    __atomic_store_n(machine::frame_as<u64>(held.mfn()) + offset / sizeof(u64), value, __ATOMIC_RELEASE);
    return {};
}

inline Result<> update_table(Call const& c, mm::TableLock const& lock, PageInfo& page, PageType level,
                             u64 offset, Store const& s) {
    u64* const table = machine::frame_as<u64>(mm::mfn_of(page));
    auto const index = static_cast<unsigned>(offset / sizeof(u64));
    if (level == PageType::l1) [[likely]]
        return update_l1(lock, table + index, s, c.frames);
    park(c.vcpu, TRY(update_upper(lock, level, table, index, s, c.tables)));
    return {};
}

[[gnu::always_inline]] inline Result<> update_entry(Call const& c, Maddr at, Store const& s) {
    PageInfo* const page = mm::page_of(mfn_of(at));
    if (!page || at.raw() % sizeof(u64) != 0)
        return Fail{Errno::inval};
    // An unused frame keeps the name of its last type, and cannot be locked.
    PageType const type = page->type();
    if (is_table(type))
        if (auto const lock = mm::TableLock::take(*page, type, c.tables))
            return update_table(c, *lock, *page, type, offset_in_page(at), s);
    return write_plain(*page, offset_in_page(at), s.desired, c.tables);
}

Result<> update_m2p(Call const& c, Mfn m, Pfn p) {
    PageInfo* const page = mm::page_of(m);
    if (!page || !c.frames.frames)
        return Fail{Errno::inval};
    PageRef const held = TRY(PageRef::take_of(*page, *c.frames.frames));
    mm::m2p_set(m, p);
    return {};
}

inline Result<> run(Call const& c, mmu_update_t const& r) {
    Maddr const at{r.ptr & ~command_mask};
    u64 const command = r.ptr & command_mask;
    switch (command) {
        case MMU_NORMAL_PT_UPDATE:
        case MMU_PT_UPDATE_NO_TRANSLATE:
        case MMU_PT_UPDATE_PRESERVE_AD:
            return update_entry(c, at, {.desired = r.val, .keep_ad = command == MMU_PT_UPDATE_PRESERVE_AD});
        case MMU_MACHPHYS_UPDATE:
            return update_m2p(c, mfn_of(at), Pfn{r.val});
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace

namespace hypercall {

Answer mmu_update(Vcpu& v, GuestPtr<mmu_update_t const> reqs, u32 count, GuestPtr<u32> done, u32 domid) {
    Subject tables{v.domain};
    FrameSource frames{v.domain};
    if (domid != DOMID_SELF) [[unlikely]] {
        u32 const table_owner = domid >> table_owner_shift;
        tables = TRY(Subject::resolve(v.domain, table_owner == 0 ? DOMID_SELF : table_owner - 1));
        frames = TRY(FrameSource::resolve(v.domain, domid & 0xffff));
    }
    Call const call{v, tables->memory, frames.authority()};
    return run_batch(v, reqs, count, done, domid, [&](mmu_update_t const& r) { return run(call, r); });
}

}  // namespace hypercall
