// SPDX-License-Identifier: MIT
// The frame table: totals, and everything known about one frame.
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/heap.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/frame.hpp"
#include "kernel/monitor/names.hpp"
#include "kernel/monitor/references.hpp"

namespace monitor {
namespace {

// How many frames of each type one owner has.
struct Totals {
    u32 owner = 0;
    std::array<u64, type_names.size()> by_type{};
    u64 sum = 0;
};

// The first row is for frames without an owner that are in use: our own.
class Census {
    static constexpr u32 granite = ~u32{0};

    std::span<Totals> rows_;
    usize used_ = 1;
    usize last_ = 0;  // neighbours often have the same owner
    u64 free_ = 0;
    u64 others_ = 0;  // of owners that found no row

    Totals* row_for(u32 owner) {
        if (rows_[last_].owner == owner)
            return &rows_[last_];
        for (last_ = 0; last_ < used_; ++last_)
            if (rows_[last_].owner == owner)
                return &rows_[last_];
        if (used_ == rows_.size()) {
            last_ = 0;
            return nullptr;
        }
        rows_[used_].owner = owner;
        return &rows_[used_++];
    }

  public:
    explicit Census(std::span<Totals> room) : rows_{room} { rows_[0].owner = granite; }

    void count(PageInfo const& p) {
        if (p.ref_count() == 0) {
            ++free_;
            return;
        }
        PageOwner const* const owner = p.owner.load();
        if (Totals* const t = row_for(owner ? owner->id.raw() : granite)) {
            ++t->by_type[p.type_count() == 0 ? 0 : static_cast<usize>(p.type())];
            ++t->sum;
        } else {
            ++others_;
        }
    }

    [[nodiscard]] usize owners() const { return used_; }
    void print(usize owner, Report& out) const {
        Totals const& t = rows_[owner];
        OwnerName name;
        auto const& n = t.by_type;
        out.row({t.owner == granite ? "granite" : text::format_to(name, "d{}", t.owner), t.sum, n[0], n[1],
                 n[2], n[3], n[4], n[5], n[6], n[7]});
    }
    void print_rest(Report& out) const {
        out.row({"free", free_, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u});
        if (others_ != 0)
            out.note("{} frames of more domains", others_);
    }
};

// The frames that follow `m`, as many as are worth a look at the clock.
Mfn count_some(Mfn m, Census& census) {
    constexpr u64 portion = 256;
    for (Mfn const end = std::min(m + portion, mm::max_mfn()); m < end; ++m)
        if (PageInfo const* const p = mm::page_of(m); p && p->ram)
            census.count(*p);
    return m;
}

Task show_totals(Report& out) {
    static constexpr std::array columns{Column{"OWNER", 8, true}, Column{"FRAMES", 9}, Column{"NONE", 8},
                                        Column{"L1", 7},          Column{"L2", 6},     Column{"L3", 5},
                                        Column{"L4", 5},          Column{"SEG", 5},    Column{"WRITABLE", 9},
                                        Column{"SHARED", 6}};
    static constexpr usize most_owners = 512;
    auto room = mm::HeapArray<Totals>::make(most_owners + 1);
    if (!room) {
        out.refuse("no memory to count in");
        co_return;
    }
    out.table(columns);
    Census census{room->span()};
    for (Mfn m{0}; m < mm::max_mfn();) {
        m = count_some(m, census);
        co_await preemption_point;
    }
    for (usize owner = 0; owner < census.owners(); ++owner) {
        census.print(owner, out);
        co_await preemption_point;
    }
    census.print_rest(out);
    if (u64 const promised = mm::promised_frame_count(); promised != 0)
        out.note("{} of the free frames are set aside for what domains may yet ask of granite", promised);
}

}  // namespace

Task show_frame(Mfn m, Report& out) {
    static constexpr std::array columns{
        Column{"MFN", 9},  Column{"OWNER", 8, true}, Column{"TYPE", 8, true}, Column{"TYPES", 6},
        Column{"REFS", 6}, Column{"PINNED", 6},      Column{"PARTIAL", 7}};
    PageInfo const* const p = mm::page_of(m);
    if (!p) {
        out.refuse("frame {:#x} is not RAM", m);
        co_return;
    }
    OwnerName owner;
    out.table(columns);
    out.row({Value::hex(m.raw()), owner_name(*p, owner), type_name(p->type()), p->type_count(),
             p->ref_count(), (p->word() & PageInfo::pinned) != 0 ? 1u : 0u, p->is_partial() ? 1u : 0u});
    co_await show_references(*p, out);
}

Task show_frames(Arguments const& args, Report& out) {
    if (args.count() == 0)
        return show_totals(out);
    if (auto const mfn = args.number(0))
        return show_frame(Mfn{*mfn}, out);
    out.refuse("'{}' is not a frame number", args[0]);
    return {};
}

}  // namespace monitor
