// SPDX-License-Identifier: MIT
// Recounts what is counted, from first principles (D12): references and types
// of every frame, uses of every grant, both ends of every event channel, the free
// list, and what of it is set aside: first while everything goes on (audit_live.cpp).
// What is in doubt then is counted exactly, in one go, while the whole machine
// stands still.
#include "kernel/domain/budgets.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/monitor/audit_grants.hpp"
#include "kernel/monitor/audit_live.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/findings.hpp"
#include "kernel/sync/standstill.hpp"

namespace monitor {
namespace {

using Where = std::array<char, 64>;

void audit_free_list(Findings& found) {
    u64 listed = 0;
    for (Mfn m{0}; m < mm::max_mfn(); ++m)
        if (PageInfo const* const p = mm::page_of(m); p && p->order != PageInfo::not_free)
            listed += u64{1} << p->order;
    if (listed != mm::free_frame_count())
        found.add("free frames", "free list", mm::free_frame_count(), listed, "granite");
}

void audit_promises(Findings& found) {
    if (u64 const sum = promised_to_all(); sum != mm::promised_frame_count())
        found.add("free frames", "set aside", mm::promised_frame_count(), sum, "granite");
}

// The port that the other end of this channel names in turn: of this domain, or 0.
u32 port_named_by_peer(Domain const& d, Channel const& c) {
    auto const peer = domains::next_from(c.peer_id);
    if (!peer || peer->id != c.peer_id)
        return 0;
    Channel const* const other = peer->channels.find(EvtchnPort{c.number});
    bool const joined = other && other->state == Channel::State::interdomain && other->peer_id == d.id;
    return joined ? other->number : 0;
}

}  // namespace

u64 promised_to_all() {
    u64 sum = 0;
    domains::for_each([&](Domain& d) { sum += domains::promised_frames(d); });
    return sum;
}

u32 audit_channels_of(Domain& d, u32 from, u32 most, u64& count, Findings& found) {
    for (u32 port = from; most > 0; --most, ++port) {
        port = d.events.lock()->next_in_use(port);
        if (port >= EventChannels::max_ports)
            return no_more_ports;
        Channel const* const channel = d.channels.find(EvtchnPort{port});
        if (!channel)
            continue;  // closed just now
        Channel const& c = *channel;
        ++count;
        if (c.state != Channel::State::interdomain)
            continue;
        Where where, about;
        if (u32 const named = port_named_by_peer(d, c); named != port)
            found.add(
                "channel", text::format_to(where, "d{} port {}", d.id, port), port, named,
                text::format_to(about, "to d{} port {}, which does not lead back", c.peer_id, c.number));
        from = port + 1;
    }
    return from;
}

namespace {

Result<u64> audit_grants_of(Domain& granter, Findings& found) {
    constexpr u32 all = ~u32{0};
    auto recount = TRY(GrantRecount::of(granter));
    while (recount.step(all, found)) {
    }
    return recount.in_use();
}

}  // namespace

void audit_standing_still(Report& out) {
    Standstill const still;
    Findings found{&out};
    auto const frames = audit_frames(found, out);
    if (!frames)
        return out.refuse("audit: no memory to count in");
    audit_free_list(found);
    audit_promises(found);
    u64 grants = 0, channels = 0;
    bool complete = true;
    domains::for_each([&](Domain& d) {
        auto const in_use = audit_grants_of(d, found);
        complete = complete && in_use;
        grants += in_use ? *in_use : 0;
        audit_channels_of(d, 1, EventChannels::max_ports, channels, found);
    });
    if (!complete)
        return out.refuse("audit: no memory to count grants in");
    if (found.count() != 0)
        return out.note("audit: {} differences", found.count());
    out.note("audit: ok ({} frames, {} grants, {} channels)", *frames, grants, channels);
}

Task audit(Arguments const&, Report& out) {
    LiveAudit live;
    auto state = live.step();
    for (; state == LiveAudit::State::going_on; state = live.step())
        co_await next_slice;
    if (state == LiveAudit::State::in_doubt) {
        co_await next_slice;
        audit_standing_still(out);
        co_return;
    }
    auto const& t = live.totals();
    out.note("audit: ok ({} frames, {} grants, {} channels)", t.frames, t.grants, t.channels);
}

}  // namespace monitor
