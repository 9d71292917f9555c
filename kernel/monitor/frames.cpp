// SPDX-License-Identifier: MIT
// The frame table: totals, and everything known about one frame.
#include "kernel/domain/holders.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/names.hpp"
#include "kernel/monitor/tables.hpp"

namespace monitor {
namespace {

// How many frames of each type one owner has.
struct Totals {
    PageOwner const* owner = nullptr;
    std::array<u64, type_names.size()> by_type{};
    u64 sum = 0;
};

// The first row is for frames without an owner that are in use: our own.
class Census {
    static constexpr usize most_owners = 32;
    std::array<Totals, most_owners + 1> rows_{};
    usize used_ = 1;
    u64 free_ = 0;
    u64 others_ = 0;  // of owners that found no row

    Totals* row_for(PageOwner const* owner) {
        for (usize i = 0; i < used_; ++i)
            if (rows_[i].owner == owner)
                return &rows_[i];
        if (used_ == rows_.size())
            return nullptr;
        rows_[used_].owner = owner;
        return &rows_[used_++];
    }

  public:
    void count(PageInfo const& p) {
        if (p.ref_count() == 0) {
            ++free_;
            return;
        }
        if (Totals* const t = row_for(p.owner.load())) {
            ++t->by_type[p.type_count() == 0 ? 0 : static_cast<usize>(p.type())];
            ++t->sum;
        } else {
            ++others_;
        }
    }

    void print(Report& out) const {
        for (Totals const& t : std::span{rows_}.first(used_)) {
            OwnerName name;
            auto const& n = t.by_type;
            out.row({t.owner ? text::format_to(name, "d{}", t.owner->id) : "granite", t.sum, n[0], n[1], n[2],
                     n[3], n[4], n[5], n[6], n[7]});
        }
        out.row({"free", free_, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u});
        if (others_ != 0)
            out.note("{} frames of more domains", others_);
    }
};

void show_totals(Report& out) {
    static constexpr std::array columns{Column{"OWNER", 8, true}, Column{"FRAMES", 9}, Column{"NONE", 8},
                                        Column{"L1", 7},          Column{"L2", 6},     Column{"L3", 5},
                                        Column{"L4", 5},          Column{"SEG", 5},    Column{"WRITABLE", 9},
                                        Column{"SHARED", 6}};
    out.table(columns);
    Census census;
    for (Mfn m{0}; m < mm::max_mfn(); ++m)
        if (PageInfo const* const p = mm::page_of(m); p && p->ram)
            census.count(*p);
    census.print(out);
}

// Entries of live page tables that name the frame.
void show_entries(Mfn wanted, Report& out) {
    for (Mfn m{0}; m < mm::max_mfn(); ++m) {
        PageInfo const* const table = mm::page_of(m);
        if (!table || table->type_count() == 0 || table->type() < PageType::l1 ||
            table->type() > PageType::l4)
            continue;
        for (unsigned slot = 0; slot < entries_per_table; ++slot) {
            Entry const e = read_entry(m, slot);
            if (!e.present() || e.frame() != wanted)
                continue;
            std::array<char, 40> where;
            OwnerName owner;
            auto const letters = flag_letters(e);
            out.row({owner_name(*table, owner),
                     text::format_to(where, "{} {:#x}[{}]", type_name(table->type()), m, slot),
                     letters.data()});
        }
    }
}

void show_one(Mfn m, Report& out) {
    static constexpr std::array columns{
        Column{"MFN", 9},  Column{"OWNER", 8, true}, Column{"TYPE", 8, true}, Column{"TYPES", 6},
        Column{"REFS", 6}, Column{"PINNED", 6},      Column{"PARTIAL", 7}};
    static constexpr std::array holder_columns{Column{"HOLDER", 8, true}, Column{"BY", 28, true},
                                               Column{"AS", 8, true}};
    PageInfo* const p = mm::page_of(m);
    if (!p)
        return out.refuse("frame {:#x} is not RAM", m);
    OwnerName owner;
    out.table(columns);
    out.row({Value::hex(m.raw()), owner_name(*p, owner), type_name(p->type()), p->type_count(),
             p->ref_count(), (p->word() & PageInfo::pinned) != 0 ? 1u : 0u, p->is_partial() ? 1u : 0u});
    out.table(holder_columns);
    show_entries(m, out);
    domains::for_each([&](Domain& d) {
        domains::for_each_holder(d, [&](domains::Holder const& h) {
            std::array<char, 12> name;
            if (&h.page == p)
                out.row({text::format_to(name, "d{}", d.id), h.what, type_name(h.held_as)});
        });
    });
}

}  // namespace

void show_frames(Arguments const& args, Report& out) {
    if (args.count() == 0)
        return show_totals(out);
    if (auto const mfn = args.number(0))
        return show_one(Mfn{*mfn}, out);
    out.refuse("'{}' is not a frame number", args[0]);
}

}  // namespace monitor
