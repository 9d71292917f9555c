// SPDX-License-Identifier: MIT
#include "kernel/monitor/references.hpp"

#include <optional>

#include "kernel/domain/holders.hpp"
#include "kernel/monitor/entry_search.hpp"
#include "kernel/monitor/names.hpp"
#include "kernel/monitor/portions.hpp"

namespace monitor {
namespace {

// Finding an address takes a look at all tables above, so there is a limit.
constexpr unsigned most_addresses = 8;

void entry_row(Place const& p, std::optional<u64> va, Report& out) {
    if (!p.is_still_there())
        return;
    std::array<char, 40> where;
    std::array<char, 24> address;
    OwnerName owner;
    auto const letters = flag_letters(p.entry);
    out.row({owner_name(*mm::page_of(p.table), owner),
             text::format_to(where, "{} {:#x}[{}]", type_name(p.type), p.table, p.slot),
             va ? text::format_to(address, "{:#x}", *va) : "-", letters.data()});
}

Task show_entries(Mfn wanted, Report& out) {
    unsigned shown = 0;
    for (EntrySearch entries{wanted, {}}; !entries.done();) {
        auto const place = entries.next();
        co_await preemption_point;
        if (!place)
            continue;
        std::optional<u64> va;
        if (shown++ < most_addresses) {
            AddressSearch search{*place};
            while (search.step())
                co_await preemption_point;
            va = search.address();
        }
        entry_row(*place, va, out);
    }
    if (shown > most_addresses)
        out.note("addresses are shown of the first {} entries", most_addresses);
}

// What domains hold by themselves, or their devices by grants.
struct Holders {
    Domain& domain;
    PageInfo const& page;
    Report& out;

    static void visit(domains::Holder const& h, void* context) {
        auto const& [domain, page, out] = *static_cast<Holders*>(context);
        OwnerName name;
        if (&h.page == &page)
            out.row({text::format_to(name, "d{}", domain.id), h.what, "-", type_name(h.held_as)});
    }
};

Task show_holders(PageInfo const& page, Report& out) {
    for (ChosenDomains d; d; d.next()) {
        Holders holders{*d, page, out};
        domains::visit_own_holders(*d, Holders::visit, &holders);
        for (u32 at = 0; at != domains::no_more_handles;) {
            at = domains::visit_device_grants(*d, at, read_portion, Holders::visit, &holders);
            co_await preemption_point;
        }
    }
}

// Grants hold nothing themselves: they say why others' entries are there.
void grant_row(Domain const& d, GrantTable const& table, GrantRef ref, Mfn wanted, Report& out) {
    auto const active = table.active(ref);
    if (!active.pins.any() || active.frame != wanted)
        return;
    OwnerName name;
    std::array<char, 40> what;
    out.row({text::format_to(name, "d{}", d.id),
             text::format_to(what, "grant {:#x} to d{}", ref, active.user), "-", "grant"});
}

void handle_row(Domain const& d, GrantHandle h, MapRecord const& r, Mfn wanted, Report& out) {
    // As in holders.cpp: for a live handle it does not change.
    if (r.granter->grants.unlocked().pinned_frame(r.ref) != wanted)
        return;
    OwnerName name;
    std::array<char, 48> what;
    out.row({text::format_to(name, "d{}", d.id),
             text::format_to(what, "handle {:#x} on d{} grant {:#x}", h, r.granter->id, r.ref), "-",
             r.readonly ? "read" : "write"});
}

Task show_grants(Mfn wanted, Report& out) {
    for (ChosenDomains d; d; d.next()) {
        for (u32 at = 0; at != no_more;) {
            at = some_grants(*d, at, read_portion, [&](GrantTable const& table, GrantRef ref) {
                grant_row(*d, table, ref, wanted, out);
            });
            co_await preemption_point;
        }
        for (u32 at = 0; at != no_more;) {
            at = some_handles(*d, at, read_portion,
                              [&](GrantHandle h, MapRecord const& r) { handle_row(*d, h, r, wanted, out); });
            co_await preemption_point;
        }
    }
}

}  // namespace

Task show_references(PageInfo const& page, Report& out) {
    static constexpr std::array columns{Column{"HOLDER", 8, true}, Column{"BY", 30, true},
                                        Column{"VA", 18, true}, Column{"AS", 8, true}};
    Mfn const wanted = mm::mfn_of(page);
    out.table(columns);
    u64 const before = out.rows();
    co_await show_entries(wanted, out);
    co_await show_holders(page, out);
    co_await show_grants(wanted, out);
    if (out.rows() == before)
        out.note("nobody refers to it");
}

}  // namespace monitor
