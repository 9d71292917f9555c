// SPDX-License-Identifier: MIT
// One page table of a guest, entry by entry: a branch of the tree that the walk
// for an address goes down.
#include "kernel/monitor/names.hpp"
#include "kernel/monitor/tables.hpp"

namespace monitor {
namespace {

constexpr u64 low_48 = (u64{1} << 48) - 1;

bool continues(Entry before, Entry e) {
    return e.present() && e.rights() == before.rights() && e.frame() == before.frame() + 1;
}

// How many leaves from `slot` on map frames that follow one another, alike.
unsigned run_length(Mfn table, unsigned slot, Entry first) {
    unsigned n = 1;
    for (Entry before = first; slot + n < entries_per_table; ++n) {
        Entry const e = read_entry(table, slot + n);
        if (!continues(before, e))
            break;
        before = e;
    }
    return n;
}

void entry_row(u64 va, unsigned slot, unsigned count, Entry e, Report& out) {
    auto const letters = flag_letters(e);
    PageInfo const* const page = mm::page_of(e.frame());
    OwnerName owner;
    out.row({slot, count, Value::hex(canonical(va)), Value::hex(e.frame().raw()), letters.data(),
             page ? owner_name(*page, owner) : "device", page ? type_name(page->type()) : "-"});
}

// The table of this level on the way to `va`.
std::optional<Mfn> table_at(Mfn root, unsigned level, u64 va, Report& out) {
    Mfn table = root;
    for (unsigned l = top_level; l > level; --l) {
        Entry const e = read_entry(table, slot_of(va, l));
        if (reserved_slot(l, slot_of(va, l)) || !e.present() || !mm::page_of(e.frame())) {
            out.refuse("there is no table of level {} for {:#x}", level, va);
            return std::nullopt;
        }
        table = e.frame();
    }
    return table;
}

}  // namespace

Task list_entries(Arguments const& args, Report& out) {
    static constexpr std::array columns{
        Column{"SLOT", 4},        Column{"COUNT", 5},       Column{"VA", 18},       Column{"MFN", 9},
        Column{"FLAGS", 7, true}, Column{"OWNER", 7, true}, Column{"TYPE", 8, true}};
    auto const level = static_cast<unsigned>(args.number(1).value_or(top_level));
    u64 const va = args.number(2).value_or(0) & low_48;
    if (level == 0 || level > top_level) {
        out.refuse("a level is 1 to {}", top_level);
        co_return;
    }
    auto const space = space_argument(args, 3, out);
    auto const table = space.root ? table_at(*space.root, level, va, out) : std::nullopt;
    if (!table)
        co_return;
    out.table(columns);
    u64 const base = level == top_level ? 0 : round_down(va, bytes_per_slot(level + 1));
    for (unsigned slot = 0, count = 1; slot < entries_per_table; slot += count) {
        co_await preemption_point;
        count = 1;
        Entry const e = read_entry(*table, slot);
        if (!e.present() || reserved_slot(level, slot))
            continue;
        if (level == 1)  // tables are listed one by one: each is a branch
            count = run_length(*table, slot, e);
        entry_row(base + slot * bytes_per_slot(level), slot, count, e, out);
    }
}

}  // namespace monitor
