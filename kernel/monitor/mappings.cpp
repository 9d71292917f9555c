// SPDX-License-Identifier: MIT
// Page tables: the walk for one address, and what an address space maps.
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/names.hpp"
#include "kernel/monitor/tables.hpp"

namespace monitor {
namespace {

// Tables may be linked many times over, so the space they span has no bound.
constexpr u64 most_entries = u64{1} << 20;

constexpr u64 canonical(u64 va) {
    return (va & u64{1} << 47) != 0 ? va | u64{0xffff} << 48 : va;
}

struct Space {
    DomainRef domain;
    std::optional<Mfn> root;
};

// Names a domain and one of its vcpus; refuses in words.
Space space_argument(Arguments const& args, usize vcpu_at, Report& out) {
    DomainRef d = domain_argument(args, 0, out);
    if (!d)
        return {};
    Vcpu const* const v = d->vcpu(static_cast<u32>(args.number(vcpu_at).value_or(0)));
    auto const root = v ? root_of(*v) : std::nullopt;
    if (!root)
        out.refuse("it has no such virtual CPU, or it has not started");
    return {std::move(d), root};
}

// A run of pages with the same rights, one after the other.
class Runs {
    Report& out_;
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
        out_.row({Value::hex(canonical(begin_)), Value::hex(canonical(end_ - 1)),
                  (end_ - begin_) >> page_shift, letters.data(), Value::hex(first_.frame().raw())});
        begin_ = end_ = 0;
    }
};

// Goes through the present leaves of [from, to]; false when it was too much,
// then `from` is where it stopped.
class Dump {
    Runs& runs_;
    u64 from_, to_;
    u64 budget_ = most_entries;

  public:
    Dump(Runs& runs, u64 from, u64 to) : runs_{runs}, from_{from}, to_{to} {}
    [[nodiscard]] u64 stopped_at() const { return from_; }

    // Depth is at most four.
    bool table(Mfn frame, unsigned level, u64 base) {
        for (unsigned slot = 0; slot < entries_per_table; ++slot) {
            u64 const va = base + slot * bytes_per_slot(level);
            u64 const last = va + (bytes_per_slot(level) - 1);
            if (last < from_ || va > to_ || reserved_slot(level, slot))
                continue;
            if (budget_-- == 0) {
                from_ = va;
                return false;
            }
            Entry const e = read_entry(frame, slot);
            if (!e.present())
                continue;
            if (level == 1)
                runs_.add(va, e);
            else if (mm::page_of(e.frame()) && !table(e.frame(), level - 1, va))
                return false;
        }
        return true;
    }
};

}  // namespace

void walk_tables(Arguments const& args, Report& out) {
    static constexpr std::array columns{
        Column{"LEVEL", 5},       Column{"SLOT", 4},  Column{"ENTRY", 18},
        Column{"FLAGS", 7, true}, Column{"MFN", 9},   Column{"OWNER", 7, true},
        Column{"TYPE", 8, true},  Column{"TYPES", 6}, Column{"REFS", 6}};
    auto const va = args.number(1);
    if (!va)
        return out.refuse("which address? 'pt DOM VA', hexadecimal with 0x");
    auto const [domain, root] = space_argument(args, 2, out);
    if (!root)
        return;
    out.table(columns);
    Mfn table = *root;
    for (unsigned level = top_level; level > 0; --level) {
        unsigned const slot = slot_of(*va, level);
        Entry const e = read_entry(table, slot);
        if (!e.present()) {
            out.row({level, slot, Value::hex(e.raw), "absent", "-", "-", "-", 0u, 0u});
            return;
        }
        auto const letters = flag_letters(e);
        PageInfo const* const page = mm::page_of(e.frame());
        OwnerName owner;
        if (!page) {
            out.row({level, slot, Value::hex(e.raw), letters.data(), Value::hex(e.frame().raw()), "device",
                     "-", 0u, 0u});
            return;
        }
        out.row({level, slot, Value::hex(e.raw), letters.data(), Value::hex(e.frame().raw()),
                 owner_name(*page, owner), type_name(page->type()), page->type_count(), page->ref_count()});
        if (reserved_slot(level, slot))
            return out.note("this slot belongs to the hypervisor");
        table = e.frame();
    }
}

void dump_tables(Arguments const& args, Report& out) {
    static constexpr std::array columns{Column{"START", 18}, Column{"END", 18}, Column{"PAGES", 9},
                                        Column{"FLAGS", 7, true}, Column{"MFN", 9}};
    constexpr u64 low_48 = (u64{1} << 48) - 1;
    auto const [domain, root] = space_argument(args, 3, out);
    if (!root)
        return;
    out.table(columns);
    Runs runs{out};
    Dump dump{runs, args.number(1).value_or(0) & low_48, args.number(2).value_or(low_48) & low_48};
    bool const whole = dump.table(*root, top_level, 0);
    runs.flush();
    if (!whole)
        out.note("stopped: go on with FROM {:#x}", canonical(dump.stopped_at()));
}

}  // namespace monitor
