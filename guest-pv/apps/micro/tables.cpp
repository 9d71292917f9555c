// SPDX-License-Identifier: MIT
// Page tables: entries by every way there is, a table pinned, another root, a
// translation forgotten.
#include <array>

#include "guest-pv/apps/micro/measure.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"

namespace micro {
namespace {

using namespace rt;
namespace pt = rt::page_table;

constexpr unsigned batch = 64;

// One page of ours, mapped writable and read-only by turns.
class Alternating {
    Mfn frame_;
    bool writable_ = true;

  public:
    explicit Alternating(Mfn frame) : frame_{frame} {}
    u64 next() {
        writable_ = !writable_;
        return pt::entry_for(frame_, writable_ ? pt::data : pt::read_only_data);
    }
};

void set(Vaddr at, u64 entry) {
    (void)hypercall::update_va_mapping(at, entry, UVMF_INVLPG);
}

void single_updates(Pages const& page) {
    Vaddr const at{hypercall::address(page.data())};
    Maddr const where = *pt::l1_entry(at);
    Alternating entry{page.mfn()};
    measure("mmu_update", [&] {
        mmu_update_t const update{where.raw(), entry.next()};
        (void)hypercall::mmu_update({&update, 1});
    });
    measure("update_va_mapping", [&] { set(at, entry.next()); });
    // As Linux writes: through the table's read-only mapping, which traps.
    auto* const slot = reinterpret_cast<u64*>(linear_address(mfn_of(where)) + offset_in_page(where));
    measure("trapped_table_write", [&] {
        u64 value = entry.next();
        asm volatile("xchgq %0, %1" : "+r"(value), "+m"(*slot));
    });
    set(at, pt::entry_for(page.mfn(), pt::data));
}

void batched_updates() {
    auto const pages = Pages::allocate(batch);
    static std::array<mmu_update_t, batch> updates;
    for (unsigned i = 0; i < batch; ++i)
        updates[i].ptr = pt::l1_entry(Vaddr{hypercall::address(pages->data())} + i * page_size)->raw();
    bool writable = true;
    auto const update_all = [&] {
        writable = !writable;
        for (unsigned i = 0; i < batch; ++i)
            updates[i].val = pt::entry_for(pages->mfn(i), writable ? pt::data : pt::read_only_data);
    };
    u64 total = 0;
    for (unsigned i = 0; i < rounds; ++i) {
        update_all();
        u64 const start = counter();
        (void)hypercall::mmu_update(updates);
        total += counter() - start - overhead();
    }
    print("mmu_update_batched", total, u64{rounds} * batch);
}

void pins(Pages const& page) {
    Vaddr const at{hypercall::address(page.data())};
    set(at, pt::entry_for(page.mfn(), pt::read_only_data));
    measure("pin_unpin_l1", [&] {
        std::array<mmuext_op_t, 2> ops{};
        ops[0].cmd = MMUEXT_PIN_L1_TABLE;
        ops[1].cmd = MMUEXT_UNPIN_TABLE;
        ops[0].arg1.mfn = ops[1].arg1.mfn = page.mfn().raw();
        (void)hypercall::mmuext_op(ops);
    });
    set(at, pt::entry_for(page.mfn(), pt::data));
}

void roots() {
    mmuext_op_t root{};
    root.cmd = MMUEXT_NEW_BASEPTR;
    root.arg1.mfn = mfn_of(reinterpret_cast<void const*>(rt::start_info().pt_base)).raw();
    measure("new_baseptr", [&] { (void)hypercall::mmuext_op({&root, 1}); });
}

void flushes(Pages const& page) {
    mmuext_op_t flush{};
    flush.cmd = MMUEXT_INVLPG_LOCAL;
    flush.arg1.linear_addr = hypercall::address(page.data());
    measure("flush_page", [&] { (void)hypercall::mmuext_op({&flush, 1}); });
}

}  // namespace

void tables() {
    auto const page = Pages::allocate();
    single_updates(*page);
    batched_updates();
    pins(*page);
    roots();
    flushes(*page);
}

}  // namespace micro
