// SPDX-License-Identifier: MIT
// Recounts what is counted, from first principles (D12): references and types
// of every frame, uses of every grant, both ends of every event channel, and
// the free list. Runs to its end while the whole machine stands still.
#include "kernel/mm/audit.hpp"

#include "kernel/domain/holders.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/sync/standstill.hpp"

namespace monitor {
namespace {

// Differences found so far, as rows of a table that begins with the first.
class Findings {
    Report& out_;
    u64 count_ = 0;

  public:
    explicit Findings(Report& out) : out_{out} {}

    void add(std::string_view what, std::string_view where, u64 kept, u64 counted) {
        static constexpr std::array columns{Column{"WHAT", 12, true}, Column{"WHERE", 24, true},
                                            Column{"KEPT", 8}, Column{"COUNTED", 8}};
        if (count_++ == 0)
            out_.table(columns);
        out_.row({what, where, kept, counted});
    }
    [[nodiscard]] u64 count() const { return count_; }
};

using Where = std::array<char, 40>;

Result<u64> audit_frames(Findings& found) {
    auto book = TRY(mm::AuditBook::open());
    book.expect_frame_table();
    book.expect_tables();
    domains::for_each([&](Domain& d) {
        domains::for_each_holder(d, [&](domains::Holder const& h) {
            // The frame table has told of the frames that we share with it.
            if (h.held_as != PageType::shared)
                book.expect(h.page, h.held_as);
        });
    });
    auto const outcome = book.compare([&](mm::AuditBook::Difference const& d) {
        Where where;
        if (d.refs != d.refs_expected)
            found.add("references", text::format_to(where, "frame {:#x}", d.frame), d.refs, d.refs_expected);
        if (d.types != d.types_expected)
            found.add("type count", text::format_to(where, "frame {:#x}", d.frame), d.types,
                      d.types_expected);
    });
    return outcome.frames;
}

void audit_free_list(Findings& found) {
    u64 listed = 0;
    for (Mfn m{0}; m < mm::max_mfn(); ++m)
        if (PageInfo const* const p = mm::page_of(m); p && p->order != PageInfo::not_free)
            listed += u64{1} << p->order;
    if (listed != mm::free_frame_count())
        found.add("free frames", "free list", mm::free_frame_count(), listed);
}

constexpr std::array<grant::Use, 4> uses{grant::Use{false, false}, grant::Use{false, true},
                                         grant::Use{true, false}, grant::Use{true, true}};

// Adds the uses that `mapper` has of what `granter` offers.
void count_uses(Domain& mapper, Domain const& granter, std::span<grant::Pins> counted) {
    auto const handles = mapper.maptrack.lock();
    for (u32 h = handles->next_in_use(0); h < handles->capacity(); h = handles->next_in_use(h + 1)) {
        MapRecord const& r = *handles->find(GrantHandle{h});
        if (r.granter != &granter || r.ref.raw() >= counted.size())
            continue;
        if (r.host)
            counted[r.ref.raw()].add({false, !r.readonly});
        if (r.device)
            counted[r.ref.raw()].add({true, !r.readonly});
    }
}

Result<u64> audit_grants_of(Domain& granter, Findings& found) {
    u32 const entries = granter.grants.lock()->entries();
    if (entries == 0)
        return u64{0};
    auto const counted = TRY(mm::HeapArray<grant::Pins>::make(entries));
    domains::for_each([&](Domain& mapper) { count_uses(mapper, granter, counted.span()); });
    u64 in_use = 0;
    for (u32 ref = 0; ref < entries; ++ref) {
        auto const kept = granter.grants.lock()->active(GrantRef{ref}).pins;
        in_use += kept.any();
        for (grant::Use const use : uses) {
            Where where;
            if (kept.count(use) != counted[ref].count(use))
                found.add("grant uses", text::format_to(where, "d{} grant {:#x}", granter.id, ref),
                          kept.count(use), counted[ref].count(use));
        }
    }
    return in_use;
}

// The other end must point back here.
bool is_symmetric(Domain const& d, u32 port, Channel const& c) {
    auto const peer = domains::next_from(c.peer_id);
    if (!peer || peer->id != c.peer_id)
        return false;
    Channel const* const other = peer->channels.find(EvtchnPort{c.number});
    return other && other->state == Channel::State::interdomain && other->peer_id == d.id &&
           other->number == port;
}

u64 audit_channels_of(Domain& d, Findings& found) {
    u64 count = 0;
    for (u32 port = 1;; ++port) {
        port = d.events.lock()->next_in_use(port);
        if (port >= EventChannels::max_ports)
            return count;
        Channel const& c = *d.channels.find(EvtchnPort{port});
        ++count;
        Where where;
        if (c.state == Channel::State::interdomain && !is_symmetric(d, port, c))
            found.add("channel", text::format_to(where, "d{} port {}", d.id, port), c.number, 0);
    }
}

}  // namespace

void audit(Arguments const&, Report& out) {
    Standstill const still;
    Findings found{out};
    auto const frames = audit_frames(found);
    if (!frames)
        return out.refuse("audit: no memory to count in");
    audit_free_list(found);
    u64 grants = 0, channels = 0;
    bool complete = true;
    domains::for_each([&](Domain& d) {
        auto const in_use = audit_grants_of(d, found);
        complete = complete && in_use;
        grants += in_use ? *in_use : 0;
        channels += audit_channels_of(d, found);
    });
    if (!complete)
        return out.refuse("audit: no memory to count grants in");
    if (found.count() != 0)
        return out.note("audit: {} differences", found.count());
    out.note("audit: ok ({} frames, {} grants, {} channels)", *frames, grants, channels);
}

}  // namespace monitor
