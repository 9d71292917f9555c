// SPDX-License-Identifier: MIT
// Grants, from the side of who offers and of who uses them.
#include "kernel/mm/heap.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/portions.hpp"

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

// Who has mapped an entry, by which handle; the last of several.
struct Mapper {
    DomId domain{};
    GrantHandle handle{};
    u32 count = 0;
};

// What one domain has mapped of `granter`, by entry.
u32 find_some(Domain& mapper, u32 from, Domain const& granter, std::span<Mapper> by_entry) {
    return some_handles(mapper, from, read_portion, [&](GrantHandle h, MapRecord const& r) {
        if (r.granter == &granter && r.ref.raw() < by_entry.size())
            by_entry[r.ref.raw()] = {mapper.id, h, by_entry[r.ref.raw()].count + 1};
    });
}

using MapperName = std::array<char, 40>;
std::string_view name_of(Mapper const& m, MapperName& buffer) {
    if (m.count == 0)
        return "-";
    if (m.count == 1)
        return text::format_to(buffer, "d{} handle {:#x}", m.domain, m.handle);
    return text::format_to(buffer, "d{} handle {:#x} and {} more", m.domain, m.handle, m.count - 1);
}

// What was granted when the use began is what counts; the shared entry may say
// something else by now.
void grant_row(DomId granter, GrantTable const& table, GrantRef ref, Mapper const& mapper, Report& out) {
    auto const active = table.active(ref);
    auto const shared = table.shared(ref);
    bool const used = active.pins.any();
    if (!used && shared.flags == 0)
        return;
    using grant::Use;
    auto const& p = active.pins;
    MapperName name;
    out.row({granter, Value::hex(ref.raw()), used ? active.user : DomId{shared.domid},
             Value::hex(used ? active.frame.raw() : shared.frame), kind_of(shared.flags),
             p.count(Use{false, false}), p.count(Use{false, true}), p.count(Use{true, false}),
             p.count(Use{true, true}), name_of(mapper, name)});
}

// An entry that came after the mappers were looked for has none yet.
u32 some_grant_rows(Domain& d, u32 from, std::span<Mapper const> mappers, Report& out) {
    return some_grants(d, from, printed_portion, [&](GrantTable const& table, GrantRef ref) {
        grant_row(d.id, table, ref, ref.raw() < mappers.size() ? mappers[ref.raw()] : Mapper{}, out);
    });
}

u32 some_handle_rows(Domain& d, u32 from, Report& out) {
    return some_handles(d, from, printed_portion, [&](GrantHandle h, MapRecord const& r) {
        // Its granter's lock comes before the one held: the active entry is read
        // as it is, which for a live handle does not change.
        Mfn const frame = r.granter->grants.unlocked().pinned_frame(r.ref);
        out.row({d.id, Value::hex(h.raw()), r.granter->id, Value::hex(r.ref.raw()), Value::hex(frame.raw()),
                 r.host ? 1u : 0u, r.device ? 1u : 0u, r.readonly ? "read" : "write"});
    });
}

}  // namespace

Task show_grants(Arguments const& args, Report& out) {
    static constexpr std::array columns{Column{"DOM", 4},          Column{"REF", 7},
                                        Column{"PEER", 5},         Column{"MFN", 9},
                                        Column{"OFFERS", 8, true}, Column{"HOST_R", 6},
                                        Column{"HOST_W", 6},       Column{"DEV_R", 5},
                                        Column{"DEV_W", 5},        Column{"MAPPED_BY", 16, true}};
    out.table(columns);
    for (ChosenDomains d{args, out}; d; d.next()) {
        u32 const entries = d->grants.lock()->entries();
        if (entries == 0)
            continue;
        auto const mappers = mm::HeapArray<Mapper>::make(entries);
        if (!mappers) {
            out.refuse("no memory to look for who has mapped what");
            co_return;
        }
        for (ChosenDomains mapper; mapper; mapper.next())
            for (u32 at = 0; at != no_more;) {
                at = find_some(*mapper, at, *d, mappers->span());
                co_await preemption_point;
            }
        for (u32 at = 0; at != no_more;) {
            at = some_grant_rows(*d, at, mappers->span(), out);
            co_await preemption_point;
        }
    }
}

Task show_maptrack(Arguments const& args, Report& out) {
    static constexpr std::array columns{Column{"DOM", 4},    Column{"HANDLE", 7},      Column{"GRANTER", 7},
                                        Column{"REF", 7},    Column{"MFN", 9},         Column{"HOST", 4},
                                        Column{"DEVICE", 6}, Column{"RIGHTS", 6, true}};
    out.table(columns);
    for (ChosenDomains d{args, out}; d; d.next()) {
        for (u32 at = 0; at != no_more;) {
            at = some_handle_rows(*d, at, out);
            co_await preemption_point;
        }
        u32 const room = d->maptrack.lock()->capacity();
        out.note("d{} has room for {} handles in {} frames, kept while the domain lives", d->id, room,
                 room / Maptrack::per_frame);
    }
}

}  // namespace monitor
