// SPDX-License-Identifier: MIT
// Grants, from the side of who offers and of who uses them.
#include "kernel/monitor/command.hpp"

namespace monitor {
namespace {

std::string_view kind_of(u16 flags) {
    switch (flags & GTF_type_mask) {
        case GTF_permit_access:
            return (flags & GTF_readonly) != 0 ? "read" : "write";
        case GTF_accept_transfer:
            return "transfer";
        case GTF_invalid:
            return "-";
        default:
            return "?";
    }
}

// What was granted when the use began is what counts; the shared entry may say
// something else by now.
void grant_row(GrantTable const& table, GrantRef ref, Report& out) {
    auto const active = table.active(ref);
    auto const shared = table.shared(ref);
    bool const used = active.pins.any();
    if (!used && shared.flags == 0)
        return;
    using grant::Use;
    auto const& p = active.pins;
    out.row({Value::hex(ref.raw()), used ? active.user : DomId{shared.domid},
             Value::hex(used ? active.frame.raw() : shared.frame), kind_of(shared.flags),
             p.count(Use{false, false}), p.count(Use{false, true}), p.count(Use{true, false}),
             p.count(Use{true, true})});
}

}  // namespace

void show_grants(Arguments const& args, Report& out) {
    static constexpr std::array columns{Column{"REF", 7},          Column{"PEER", 5},   Column{"MFN", 9},
                                        Column{"OFFERS", 8, true}, Column{"HOST_R", 6}, Column{"HOST_W", 6},
                                        Column{"DEV_R", 5},        Column{"DEV_W", 5}};
    DomainRef const d = domain_argument(args, 0, out);
    if (!d)
        return;
    out.table(columns);
    auto const table = d->grants.lock();
    for (u32 ref = 0; ref < table->entries(); ++ref)
        grant_row(*table, GrantRef{ref}, out);
}

void show_maptrack(Arguments const& args, Report& out) {
    static constexpr std::array columns{Column{"HANDLE", 7}, Column{"GRANTER", 7}, Column{"REF", 7},
                                        Column{"HOST", 4},   Column{"DEVICE", 6},  Column{"RIGHTS", 6, true}};
    DomainRef const d = domain_argument(args, 0, out);
    if (!d)
        return;
    out.table(columns);
    auto const handles = d->maptrack.lock();
    for (u32 h = handles->next_in_use(0); h < handles->capacity(); h = handles->next_in_use(h + 1)) {
        MapRecord const& r = *handles->find(GrantHandle{h});
        out.row({Value::hex(h), r.granter->id, Value::hex(r.ref.raw()), r.host ? 1u : 0u, r.device ? 1u : 0u,
                 r.readonly ? "read" : "write"});
    }
    out.note("room for {} handles in {} frames, kept while the domain lives", handles->capacity(),
             handles->capacity() / Maptrack::per_frame);
}

}  // namespace monitor
