// SPDX-License-Identifier: MIT
#include "kernel/image/pv_layout.hpp"

#include "kernel/abi/xen.hpp"

namespace image {
namespace {

constexpr u64 mapping_unit = u64{4} << 20;  // the stretch ends at a multiple
constexpr u64 least_padding = u64{512} << 10;
constexpr unsigned l1_reach = 21, l2_reach = 30, l3_reach = 39;  // log2 of bytes below one table
constexpr u64 most_pages = u64{1} << 35;                         // of one domain: what the M2P could number

// Tables of one level that the addresses [start, start + pages) touch.
u64 tables_touched(Vaddr start, u64 pages, unsigned reach) {
    u64 const last = start.raw() + ((pages - 1) << page_shift);
    return (last >> reach) - (start.raw() >> reach) + 1;
}

bool canonical_guest_range(u64 start, u64 bytes) {
    constexpr u64 low_end = u64{1} << 47;
    constexpr u64 high_start = HYPERVISOR_VIRT_END;
    u64 const last = start + bytes - 1;
    return bytes != 0 && last >= start && (last < low_end || start >= high_start);
}

// Hands out frames in ascending order.
class Placer {
    Pfn next_;

  public:
    explicit Placer(Pfn first) : next_{first} {}
    PageRange take(u64 count) {
        PageRange const range{next_, count};
        next_ += count;
        return range;
    }
    void skip_to(Pfn pfn) { next_ = pfn; }
    [[nodiscard]] Pfn next() const { return next_; }
};

// The address the kernel wants its P2M list at, if it is a usable one. Such a
// list has L3, L2 and L1 tables of its own, so it needs L4 slots of its own.
std::optional<Vaddr> wanted_p2m(GuestNotes const& notes, u64 list_pages) {
    if (!notes.init_p2m || (*notes.init_p2m & page_mask) != 0 || *notes.init_p2m >= notes.virt_base)
        return std::nullopt;
    u64 const bytes = list_pages << page_shift;
    if (!canonical_guest_range(*notes.init_p2m, bytes))
        return std::nullopt;
    if ((*notes.init_p2m + bytes - 1) >> l3_reach >= notes.virt_base >> l3_reach)
        return std::nullopt;
    return Vaddr{*notes.init_p2m};
}

// The tables map themselves, and mapping more may take more of them: grow
// until the number holds. Each round can only add, and few are needed.
struct LinearEnd {
    u64 tables;
    u64 mapped;
};

LinearEnd settle_tables(Vaddr base, Pfn tables_at) {
    u64 tables = 1;
    for (;;) {
        u64 const used = (tables_at + tables + 1).raw() << page_shift;
        u64 const end = round_up(base.raw() + used + least_padding, mapping_unit) - base.raw();
        u64 const needed = 1 + TableSet::frames_needed(base, end >> page_shift);
        if (needed <= tables)
            return {tables, end >> page_shift};
        tables = needed;
    }
}

}  // namespace

u64 TableSet::frames_needed(Vaddr start, u64 pages) {
    return tables_touched(start, pages, l3_reach) + tables_touched(start, pages, l2_reach) +
           tables_touched(start, pages, l1_reach);
}

TableSet TableSet::plan(Vaddr start, PageRange target, Pfn tables) {
    Placer place{tables};
    TableSet set{start, target, {}, {}, {}};
    set.l3 = place.take(tables_touched(start, target.count, l3_reach));
    set.l2 = place.take(tables_touched(start, target.count, l2_reach));
    set.l1 = place.take(tables_touched(start, target.count, l1_reach));
    return set;
}

Loadable<PvLayout> PvLayout::plan(Kernel const& kernel, PvRequest const& request) {
    if (request.pages > most_pages || kernel.end.raw() > request.pages ||
        pages_for(request.ramdisk_bytes) > request.pages)
        return refuse("the kernel and its ramdisk do not fit into the memory given to the domain");
    u64 const list_pages = pages_for(request.pages * sizeof(u64));
    auto const p2m_at = wanted_p2m(kernel.notes, list_pages);

    PvLayout plan;
    plan.base = Vaddr{kernel.notes.virt_base};
    plan.pages = request.pages;
    plan.entry = kernel.entry;
    if (kernel.notes.hypercall_page)
        plan.hypercall_page = Vaddr{*kernel.notes.hypercall_page};
    plan.kernel = PageRange{kernel.first, kernel.end - kernel.first};
    plan.ramdisk_bytes = request.ramdisk_bytes;

    Placer place{kernel.end};
    if (!kernel.notes.ramdisk_by_pfn)
        plan.ramdisk = place.take(pages_for(request.ramdisk_bytes));
    if (!p2m_at)
        plan.p2m = place.take(list_pages);
    plan.start_info = place.take(1);
    plan.store = place.take(request.rings ? 1 : 0);
    plan.console = place.take(request.rings ? 1 : 0);

    LinearEnd const linear = settle_tables(plan.base, place.next());
    plan.mapped = linear.mapped;
    if (!canonical_guest_range(plan.base.raw(), plan.mapped << page_shift))
        return refuse("a kernel whose memory would reach outside of the addresses of a guest");
    plan.tables = place.take(linear.tables);
    plan.l4 = plan.tables.first;
    plan.linear = TableSet::plan(plan.base, PageRange{Pfn{0}, plan.mapped}, plan.l4 + 1);
    plan.stack = place.take(1);

    place.skip_to(Pfn{plan.mapped});
    if (kernel.notes.ramdisk_by_pfn)
        plan.ramdisk = place.take(pages_for(request.ramdisk_bytes));
    if (p2m_at) {
        plan.p2m = place.take(list_pages);
        plan.p2m_map = TableSet::plan(*p2m_at, plan.p2m, place.next());
        place.skip_to(place.next() + plan.p2m_map->frames());
    }
    if (place.next().raw() > request.pages)
        return refuse("the kernel and its start data do not fit into the memory given to the domain");
    return plan;
}

}  // namespace image
