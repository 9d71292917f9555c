// SPDX-License-Identifier: MIT
// Page tables: single entries in every way there is, batches, whole tables that
// are filled, made and taken apart, and what is said of roots and translations.
#include <array>

#include "guest-pv/apps/havoc/rules.hpp"
#include "guest-pv/apps/havoc/world.hpp"
#include "guest-pv/rt/memory/page_table.hpp"

namespace havoc {
namespace {

using namespace rt;

void update_entries(Worker& w, Random& r) {
    std::array<mmu_update_t, 8> batch;
    usize const used = 1 + r.below(batch.size());
    for (auto& u : std::span{batch}.first(used))
        u = {.ptr = entry_address(r), .val = entry(r)};
    u64 const at = w.put(r, std::span<mmu_update_t const>{batch}.first(used));
    w.call(__HYPERVISOR_mmu_update, at, r.once_in(8) ? count(r) : used, r.once_in(4) ? address(r) : 0,
           domain(r));
}

// A continued call looks like this to the hypervisor, if nobody has continued it.
void pretend_to_continue(Worker& w, Random& r) {
    u64 const preempted = u64{1} << 31;
    u64 const number = r.one_of({__HYPERVISOR_mmu_update, __HYPERVISOR_mmuext_op});
    w.call(number, r.once_in(2) ? ~u64{0} : address(r), preempted | r.below(8), 0, domain(r));
}

void update_mapping(Worker& w, Random& r) {
    u64 const flags =
        r.once_in(4) ? address(r) | r.below(4) : r.below(3) | (r.once_in(2) ? u64{UVMF_ALL} : 0);
    u64 const at = r.once_in(8) ? hostile_address(r) : window_address(r);
    if (r.once_in(8))
        w.call(__HYPERVISOR_update_va_mapping_otherdomain, at, entry(r), flags, domain(r));
    else
        w.call(__HYPERVISOR_update_va_mapping, at, entry(r), flags);
}

// Through a mapping, which may be of a table: then it is a fault to be judged.
void store_entry(Worker&, Random& r) {
    u64 const at = window_address(r);
    u64 const value = entry(r);
    if (r.once_in(3))
        asm volatile("lock cmpxchg %1, (%0)" : : "r"(at), "r"(value), "a"(r.wild()) : "memory");
    else
        *reinterpret_cast<u64 volatile*>(at) = value;
}

u64 extended(Worker& w, Random& r, u32 command, u64 arg1, u64 arg2 = 0) {
    mmuext_op_t op{};
    op.cmd = command;
    op.arg1.linear_addr = arg1;
    op.arg2.src_mfn = arg2;
    return static_cast<u64>(w.call(__HYPERVISOR_mmuext_op, w.put(r, op), 1, 0, domain(r)));
}

// Takes a frame of the pool through the life of a table: seen writable, filled,
// seen no more, pinned as some level.
void make_table(Worker& w, Random& r) {
    u64 const mfn = world().pool[r.below(pool_frames)];
    u64 const at = world().window.address(r.below(window_pages)).raw();
    if (w.call(__HYPERVISOR_update_va_mapping, at, page_table::entry_for(Mfn{mfn}, page_table::data),
               UVMF_INVLPG) != 0)
        return;
    for (u64 n = r.below(12); n != 0; --n)
        reinterpret_cast<u64 volatile*>(at)[r.below(page_table::entries)] = r.once_in(6) ? entry(r) : 0;
    w.call(__HYPERVISOR_update_va_mapping, at,
           r.once_in(2) ? 0 : page_table::entry_for(Mfn{mfn}, page_table::read_only_data),
           UVMF_INVLPG | UVMF_ALL);
    extended(w, r, static_cast<u32>(MMUEXT_PIN_L1_TABLE + r.below(4)), mfn);
}

void pin_or_unpin(Worker& w, Random& r) {
    u32 const command = r.once_in(2) ? static_cast<u32>(r.below(4)) : MMUEXT_UNPIN_TABLE;
    extended(w, r, command, frame_or_table(r) == world().root.raw() ? world().twin.raw() : frame(r));
}

void change_root(Worker& w, Random& r) {
    u64 const other =
        r.one_of({world().root.raw(), world().twin.raw(), u64{0}, world().last_frame + 1, ~u64{0}});
    if (r.once_in(3))
        extended(w, r, MMUEXT_NEW_USER_BASEPTR, r.once_in(2) ? frame(r) : other);
    else
        extended(w, r, MMUEXT_NEW_BASEPTR, other);
}

void flush(Worker& w, Random& r) {
    u32 const command =
        r.one_of({MMUEXT_TLB_FLUSH_LOCAL, MMUEXT_INVLPG_LOCAL, MMUEXT_TLB_FLUSH_MULTI, MMUEXT_INVLPG_MULTI,
                  MMUEXT_TLB_FLUSH_ALL, MMUEXT_INVLPG_ALL, MMUEXT_FLUSH_CACHE, MMUEXT_FLUSH_CACHE_GLOBAL});
    extended(w, r, command, address(r), w.put(r, r.wild()));
}

void change_page(Worker& w, Random& r) {
    u32 const command =
        r.one_of({MMUEXT_CLEAR_PAGE, MMUEXT_COPY_PAGE, MMUEXT_MARK_SUPER, MMUEXT_UNMARK_SUPER});
    extended(w, r, command, frame(r), frame_or_table(r));
}

void set_ldt(Worker& w, Random& r) {
    extended(w, r, MMUEXT_SET_LDT, address(r), r.once_in(2) ? r.below(8193) : count(r));
    asm volatile("mov %w0, %%fs" : : "r"(r.below(0x10000) | 4));  // faults, or reads an entry
}

void any_command(Worker& w, Random& r) {
    auto const command = static_cast<u32>(r.wild());
    if (command != MMUEXT_NEW_BASEPTR)
        extended(w, r, command, frame(r), frame(r));
}

constexpr std::array rules{
    Weighted{30, update_entries}, Weighted{4, pretend_to_continue},
    Weighted{40, update_mapping}, Weighted{20, store_entry},
    Weighted{30, make_table},     Weighted{30, pin_or_unpin},
    Weighted{6, change_root},     Weighted{8, flush},
    Weighted{8, change_page},     Weighted{4, set_ldt},
    Weighted{4, any_command},
};

}  // namespace

constinit std::span<Weighted const> const table_rules{rules};

}  // namespace havoc
