// SPDX-License-Identifier: MIT
#include "kernel/domain/holders.hpp"

#include "kernel/machine/vcpu.hpp"

namespace domains {
namespace {

struct Visitor {
    HolderVisit f;
    void* context;

    void operator()(PageInfo& p, PageType held_as, std::string_view what) const {
        f({p, held_as, what}, context);
    }
};

void visit_areas(Vcpu& v, Visitor const& visit) {
    if (v.info_page)
        visit(*v.info_page, PageType::writable, "vcpu_info");
    for (auto* const locked : {&v.runstate_area, &v.time_area}) {
        auto const area = locked->lock();
        for (unsigned const n : {0u, 1u})
            if (PageInfo* const p = area->frame(n))
                visit(*p, PageType::writable, "registered area");
    }
}

void visit_vcpu(Vcpu& v, Visitor const& visit) {
    visit_areas(v, visit);
    machine::vcpu_visit_frames(
        v, [](PageInfo& p, PageType t, void* c) { (*static_cast<Visitor const*>(c))(p, t, "vcpu state"); },
        const_cast<Visitor*>(&visit));
}

// Our own hold on what we share with the domain.
void visit_shared(Domain& d, Visitor const& visit) {
    visit(mm::ram_page(d.shared_info_mfn), PageType::shared, "shared_info");
    auto const grants = d.grants.lock();
    for (u32 i = 0; i < grants->frames(); ++i)
        visit(mm::ram_page(grants->frame(i)), PageType::shared, "grant table");
}

}  // namespace

void visit_own_holders(Domain& d, HolderVisit f, void* context) {
    Visitor const visit{f, context};
    for (Vcpu* const v : d.all_vcpus())
        visit_vcpu(*v, visit);
    visit_shared(d, visit);
}

// A device use keeps the frame by itself; a host use, by its page-table entry.
u32 visit_device_grants(Domain& d, u32 from, u32 most, HolderVisit f, void* context) {
    auto const handles = d.maptrack.lock();
    if (handles->in_use() == 0)
        return no_more_handles;
    u32 h = handles->next_in_use(from);
    for (; most > 0 && h < handles->capacity(); --most, h = handles->next_in_use(h + 1)) {
        MapRecord const& r = *handles->find(GrantHandle{h});
        if (!r.device)
            continue;
        // Its granter's lock may not be taken here: the active entry is read as
        // it is, which for a live handle does not change.
        Mfn const frame = r.granter->grants.unlocked().active(r.ref).frame;
        f({mm::ram_page(frame), r.readonly ? PageType::none : PageType::writable, "device grant"}, context);
    }
    return h < handles->capacity() ? h : no_more_handles;
}

void for_each_holder(Domain& d, HolderVisit f, void* context) {
    constexpr u32 all = ~u32{0};
    visit_own_holders(d, f, context);
    visit_device_grants(d, 0, all, f, context);
}

}  // namespace domains
