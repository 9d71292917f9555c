// SPDX-License-Identifier: MIT
// Page tables: the walk for one address, and what an address space maps.
#include <algorithm>

#include "kernel/monitor/command.hpp"
#include "kernel/monitor/names.hpp"
#include "kernel/monitor/tables.hpp"

namespace monitor {
namespace {

// Tables may be linked many times over, so the space they span has no bound.
constexpr u64 most_entries = u64{1} << 20;

// A run of pages with the same rights, one after the other.
class Runs {
    Report& out_;  // whose table may have a column for words
    u64 begin_ = 0, end_ = 0;
    Entry first_{};

  public:
    explicit Runs(Report& out) : out_{out} {}

    void add(u64 va, Entry e) {
        if (va != end_ || e.rights() != first_.rights() || begin_ == end_) {
            flush();
            begin_ = end_ = va;
            first_ = e;
        }
        end_ += page_size;
    }
    void flush() {
        if (begin_ == end_)
            return;
        auto const letters = flag_letters(first_);
        FlagWords words;
        out_.row({Value::hex(canonical(begin_)), Value::hex(canonical(end_ - 1)),
                  (end_ - begin_) >> page_shift, letters.data(), Value::hex(first_.frame().raw()),
                  flag_words(first_, 1, words)});
        begin_ = end_ = 0;
    }
};

constexpr u64 low_48 = (u64{1} << 48) - 1;

// Goes through the present leaves of [from, to], from address to address: each
// portion goes down from the root again, as tables may have changed meanwhile.
class Dump {
    Runs& runs_;
    Mfn root_;
    u64 at_, last_;
    u64 left_ = most_entries;

    void skip(unsigned level) { at_ = round_down(at_, bytes_per_slot(level)) + bytes_per_slot(level); }
    void add_leaves(Mfn table) {
        constexpr u64 most = 16 * page_size;  // each may be a row
        u64 const end = std::min(at_ + most, round_down(at_, bytes_per_slot(2)) + bytes_per_slot(2));
        for (; at_ < end && at_ <= last_; at_ += page_size, --left_)
            if (Entry const e = read_entry(table, slot_of(at_, 1)); e.present())
                runs_.add(at_, e);
    }

  public:
    Dump(Runs& runs, Mfn root, u64 from, u64 to)
        : runs_{runs}, root_{root}, at_{round_down(from, page_size)}, last_{to} {}
    [[nodiscard]] u64 stopped_at() const { return at_; }
    [[nodiscard]] bool done() const { return at_ > last_; }
    [[nodiscard]] bool may_go_on() const { return left_ >= entries_per_table; }

    // Some leaves of one table, or over a hole.
    void portion() {
        Mfn table = root_;
        for (unsigned level = top_level; level > 1; --level, --left_) {
            unsigned const slot = slot_of(at_, level);
            Entry const e = read_entry(table, slot);
            if (reserved_slot(level, slot) || !e.present() || !mm::page_of(e.frame()))
                return skip(level);
            table = e.frame();
        }
        add_leaves(table);
    }
};

// Column "MEANING" is the last one, for who asked for it.
std::span<Column const> with_words(std::span<Column const> columns, Arguments const& args) {
    return columns.first(columns.size() - !args.verbose());
}

// One level of a walk; the table below, when there is one to go on with.
std::optional<Mfn> walk_row(Mfn table, unsigned level, unsigned slot, Report& out) {
    Entry const e = read_entry(table, slot);
    if (!e.present()) {
        out.row({level, slot, Value::hex(e.raw), "absent", "-", "-", "-", 0u, 0u, "not present"});
        return std::nullopt;
    }
    auto const letters = flag_letters(e);
    FlagWords words;
    auto const meaning = flag_words(e, level, words);
    auto const mfn = Value::hex(e.frame().raw());
    PageInfo const* const page = mm::page_of(e.frame());
    if (!page) {
        out.row({level, slot, Value::hex(e.raw), letters.data(), mfn, "device", "-", 0u, 0u, meaning});
        return std::nullopt;
    }
    OwnerName owner;
    out.row({level, slot, Value::hex(e.raw), letters.data(), mfn, owner_name(*page, owner),
             type_name(page->type()), page->type_count(), page->ref_count(), meaning});
    return e.frame();
}

}  // namespace

void walk_tables(Arguments const& args, Report& out) {
    static constexpr std::array columns{
        Column{"LEVEL", 5}, Column{"SLOT", 4},         Column{"ENTRY", 18},     Column{"FLAGS", 7, true},
        Column{"MFN", 9},   Column{"OWNER", 7, true},  Column{"TYPE", 8, true}, Column{"TYPES", 6},
        Column{"REFS", 6},  Column{"MEANING", 0, true}};
    auto const va = args.number(1);
    if (!va)
        return out.refuse("which address? 'pt DOM VA', hexadecimal with 0x");
    auto const [domain, root] = space_argument(args, 2, out);
    if (!root)
        return;
    out.table(with_words(columns, args));
    std::optional<Mfn> table = root;
    for (unsigned level = top_level; level > 0 && table; --level) {
        unsigned const slot = slot_of(*va, level);
        table = walk_row(*table, level, slot, out);
        if (reserved_slot(level, slot))
            return out.note("this slot belongs to the hypervisor");
    }
}

Task dump_tables(Arguments const& args, Report& out) {
    static constexpr std::array columns{Column{"START", 18}, Column{"END", 18},
                                        Column{"PAGES", 9},  Column{"FLAGS", 7, true},
                                        Column{"MFN", 9},    Column{"MEANING", 0, true}};
    auto const space = space_argument(args, 3, out);
    if (!space.root)
        co_return;
    out.table(with_words(columns, args));
    Runs runs{out};
    Dump dump{runs, *space.root, args.number(1).value_or(0) & low_48,
              args.number(2).value_or(low_48) & low_48};
    while (!dump.done() && dump.may_go_on() && space.is_there()) {
        dump.portion();
        co_await preemption_point;
    }
    runs.flush();
    if (!space.is_there())
        out.note("stopped at {:#x}: the address space has ended", canonical(dump.stopped_at()));
    else if (!dump.done())
        out.note("stopped: go on with FROM {:#x}", canonical(dump.stopped_at()));
}

}  // namespace monitor
