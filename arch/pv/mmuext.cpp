// SPDX-License-Identifier: MIT
// mmuext_op: pins, roots, flushes, the LDT, whole pages.
#include <cstring>

#include "arch/pv/batch.hpp"
#include "arch/pv/flush.hpp"
#include "arch/pv/ldt.hpp"
#include "arch/pv/roots.hpp"
#include "arch/pv/subjects.hpp"
#include "kernel/machine/vcpu.hpp"

namespace {

using namespace arch;
using enum std::memory_order;

constexpr u32 max_ldt_entries = 8192;

struct Call {
    Vcpu& vcpu;
    Domain& owner;
    mmuext_op_t const& op;
};

Mfn mfn_argument(Call const& c) {
    return Mfn{c.op.arg1.mfn};
}
Vaddr address_argument(Call const& c) {
    return Vaddr{c.op.arg1.linear_addr};
}

Result<PageRef> page_argument(Call const& c, Mfn m) {
    PageInfo* const page = mm::page_of(m);
    if (!page)
        return Fail{Errno::inval};
    return PageRef::take_of(*page, c.owner.memory);
}

Result<> unpin_table(Call const& c) {
    PageRef const page = TRY(page_argument(c, mfn_argument(c)));
    if ((page->type_word.fetch_and(~PageInfo::pinned, acq_rel) & PageInfo::pinned) == 0)
        return Fail{Errno::inval};
    park(c.vcpu, mm::put_type(*page));
    return {};
}

// The pin is a mark on the frame that owns one reference (PT-09).
Result<> pin_table(Call const& c, PageType level) {
    TypeRef table = TRY(take_table(c.vcpu, mfn_argument(c), level, c.owner.memory));
    if ((table->type_word.fetch_or(PageInfo::pinned, acq_rel) & PageInfo::pinned) != 0) {
        park(c.vcpu, mm::put_type(*table.release()));
        return Fail{Errno::inval};
    }
    table.release();
    // The end of the domain clears pins once; this one may have come later.
    return c.owner.dying() ? unpin_table(c) : Result<>{};
}

Result<> set_ldt(Call const& c) {
    u32 const entries = c.op.arg2.nr_ents;
    Vaddr const base = address_argument(c);
    if (entries > max_ldt_entries || offset_in_page(base) != 0 ||
        !mm::guest_range_ok(base.raw(), entries * sizeof(u64)))
        return Fail{Errno::inval};
    forget_ldt_pages(c.vcpu);
    c.vcpu.arch->ldt_base = base.raw();
    c.vcpu.arch->ldt_entries = entries;
    load_descriptor_windows(c.vcpu);
    return {};
}

Result<TypeRef> writable_page(Call const& c) {
    PageRef const page = TRY(page_argument(c, mfn_argument(c)));
    return TypeRef::take(*page, PageType::writable, c.owner.memory);
}

Result<> clear_page(Call const& c) {
    TypeRef const page = TRY(writable_page(c));
    std::memset(machine::frame_ptr(page.mfn()), 0, page_size);
    return {};
}

Result<> copy_page(Call const& c) {
    TypeRef const to = TRY(writable_page(c));
    PageRef const from = TRY(page_argument(c, Mfn{c.op.arg2.src_mfn}));
    std::memmove(machine::frame_ptr(to.mfn()), machine::frame_ptr(from.mfn()), page_size);
    return {};
}

Result<machine::CpuMask> named_cpus(Call const& c) {
    return cpus_named(c.vcpu.domain, guest_ptr<u64 const>(c.op.arg2.vcpumask));
}

// What a vcpu does to itself.
Result<> run_own(Call const& c) {
    switch (c.op.cmd) {
        case MMUEXT_NEW_BASEPTR:
            return set_kernel_root(c.vcpu, mfn_argument(c));
        case MMUEXT_NEW_USER_BASEPTR:
            return set_user_root(c.vcpu, mfn_argument(c));
        case MMUEXT_TLB_FLUSH_LOCAL:
            machine::flush_tlb(local_cpu());
            return {};
        case MMUEXT_TLB_FLUSH_MULTI:
            machine::flush_tlb(TRY(named_cpus(c)));
            return {};
        case MMUEXT_INVLPG_MULTI:
            flush_page(TRY(named_cpus(c)), address_argument(c));
            return {};
        case MMUEXT_TLB_FLUSH_ALL:
            machine::flush_tlb(machine::cpus_with_translations(c.vcpu.domain));
            return {};
        case MMUEXT_INVLPG_ALL:
            flush_page(machine::cpus_with_translations(c.vcpu.domain), address_argument(c));
            return {};
        case MMUEXT_SET_LDT:
            return set_ldt(c);
        // RAM is mapped write-back by everyone, so there is nothing to flush
        // and nobody who needs to.
        case MMUEXT_FLUSH_CACHE:
        case MMUEXT_FLUSH_CACHE_GLOBAL:
            return Fail{Errno::access};
        default:
            return Fail{Errno::nosys};
    }
}

// What may be done to the frames of another domain, too.
[[gnu::noinline]] Result<> run(Call const& c) {
    switch (c.op.cmd) {
        case MMUEXT_PIN_L1_TABLE:
            return pin_table(c, PageType::l1);
        case MMUEXT_PIN_L2_TABLE:
            return pin_table(c, PageType::l2);
        case MMUEXT_PIN_L3_TABLE:
            return pin_table(c, PageType::l3);
        case MMUEXT_PIN_L4_TABLE:
            return pin_table(c, PageType::l4);
        case MMUEXT_UNPIN_TABLE:
            return unpin_table(c);
        case MMUEXT_CLEAR_PAGE:
            return clear_page(c);
        case MMUEXT_COPY_PAGE:
            return copy_page(c);
        default:
            return &c.owner == &c.vcpu.domain ? run_own(c) : Fail{Errno::perm};
    }
}

}  // namespace

namespace hypercall {

Answer mmuext_op(Vcpu& v, GuestPtr<mmuext_op_t const> ops, u32 count, GuestPtr<u32> done, u32 domid) {
    Subject owner{v.domain};
    if (domid != DOMID_SELF) [[unlikely]]
        owner = TRY(Subject::resolve(v.domain, domid));
    return run_batch(v, ops, count, done, domid, [&](mmuext_op_t const& op) -> Result<> {
        // Every second call of a kernel that changes a few entries.
        if (op.cmd == MMUEXT_INVLPG_LOCAL && &*owner == &v.domain) [[likely]] {
            flush_own_page(Vaddr{op.arg1.linear_addr});
            return {};
        }
        return run({v, *owner, op});
    });
}

}  // namespace hypercall
