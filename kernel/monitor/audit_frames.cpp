// SPDX-License-Identifier: MIT
// The audit of frames: what every frame is referred to by, against its counts.
#include <optional>

#include "kernel/domain/holders.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/mm/audit.hpp"
#include "kernel/monitor/findings.hpp"
#include "kernel/monitor/frame.hpp"
#include "kernel/monitor/names.hpp"
#include "kernel/trace/backwards.hpp"
#include "kernel/trace/words.hpp"

namespace monitor {
namespace {

using mm::AuditBook;

using About = std::array<char, 120>;
std::string_view about(PageInfo const& page, About& buffer) {
    auto const type = type_name(page.type());
    PageOwner const* const owner = page.owner.load();
    if (!owner)
        return text::format_to(buffer, "granite, {}", type);
    auto const d = domains::next_from(owner->id);
    if (!d || &d->memory != owner)
        return text::format_to(buffer, "d{}, {}", owner->id, type);
    bool const dead = d->life.load() == Domain::Life::dead;
    return text::format_to(buffer, "d{} {}{}, {}", owner->id, d->name_view(), dead ? " (dead)" : "", type);
}

bool alike(AuditBook::Difference const& a, AuditBook::Difference const& b) {
    PageInfo const &p = *mm::page_of(a.frame), &q = *mm::page_of(b.frame);
    return p.owner.load() == q.owner.load() && p.type() == q.type() && a.refs == b.refs &&
           a.refs_expected == b.refs_expected && a.types == b.types && a.types_expected == b.types_expected;
}

// One mistake often shows in many frames: neighbours that differ alike are one finding.
class Runs {
    Findings& found_;
    std::optional<AuditBook::Difference> first_;
    u64 count_ = 0;

  public:
    explicit Runs(Findings& found) : found_{found} {}
    Runs(Runs const&) = delete;
    Runs& operator=(Runs const&) = delete;
    ~Runs() { close(); }

    void add(AuditBook::Difference const& d) {
        if (first_ && d.frame == Mfn{first_->frame.raw() + count_} && alike(*first_, d)) {
            ++count_;
            return;
        }
        close();
        first_ = d;
        count_ = 1;
    }

    void close() {
        if (!first_)
            return;
        auto const& d = *first_;
        std::array<char, 48> buffer;
        auto const where = count_ == 1 ? text::format_to(buffer, "frame {:#x}", d.frame)
                                       : text::format_to(buffer, "frames {:#x} to {:#x}", d.frame,
                                                         d.frame.raw() + count_ - 1);
        About whose;
        auto const of = about(*mm::page_of(d.frame), whose);
        if (d.refs != d.refs_expected)
            found_.add("references", where, d.refs, d.refs_expected, of);
        if (d.types != d.types_expected)
            found_.add("type count", where, d.types, d.types_expected, of);
        first_.reset();
    }
};

// Who mapped and unmapped it, if that was traced.
void show_last_uses(Mfn frame, Report& out) {
    constexpr unsigned most = 6, most_looked_at = 20'000;  // everything stands still
    trace::Backwards events;
    unsigned shown = 0;
    for (unsigned i = 0; i < most_looked_at && shown < most; ++i) {
        auto const found = events.next();
        if (!found)
            break;
        auto const& e = found->event;
        if ((e.kind != trace::Kind::map && e.kind != trace::Kind::unmap) || e.b != frame.raw())
            continue;
        if (shown++ == 0)
            out.note("last events of frame {:#x}, the newest first:", frame);
        out.note("{}", trace::Line{*found}.text());
    }
    if (shown == 0)
        out.note("nothing is traced of frame {:#x}: `trace on map unmap` before it happens again", frame);
}

}  // namespace

namespace {

void expect(domains::Holder const& h, void* book) {
    // The frame table has told of the frames that we share with it.
    if (h.held_as != PageType::shared)
        static_cast<AuditBook*>(book)->expect(h.page, h.held_as);
}

}  // namespace

void expect_own(Domain& d, AuditBook& book) {
    domains::visit_own_holders(d, expect, &book);
}

u32 expect_device_grants(Domain& d, u32 from, u32 most, AuditBook& book) {
    return domains::visit_device_grants(d, from, most, expect, &book);
}

Result<u64> audit_frames(Findings& found, Report& out) {
    auto book = TRY(AuditBook::open());
    book.expect_from_all();
    domains::for_each([&](Domain& d) { domains::for_each_holder(d, expect, &book); });
    std::optional<Mfn> first;
    u64 compared = 0;
    {
        Runs runs{found};
        compared = book.compare([&](AuditBook::Difference const& d) {
                           first = first.value_or(d.frame);
                           runs.add(d);
                       })
                       .frames;
    }
    if (first) {
        show_frame(*first, out).finish();
        show_last_uses(*first, out);
    }
    return compared;
}

}  // namespace monitor
