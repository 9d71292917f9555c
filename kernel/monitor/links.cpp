// SPDX-License-Identifier: MIT
// What ties domains to each other: channels and grants, summed by pair.
#include "kernel/mm/heap.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/portions.hpp"

namespace monitor {
namespace {

struct Link {
    DomId peer{};
    u32 channels = 0;
    u64 sends = 0;
    u32 grants = 0;  // offered to the peer
    u32 in_use = 0;  // of these, mapped or being copied
};

// What one domain has to do with each of its peers.
class Links {
    std::span<Link> rows_;
    usize used_ = 0;
    u64 left_out_ = 0;

  public:
    explicit Links(std::span<Link> room) : rows_{room} {}

    // Empty when there is no room.
    Link* with(DomId peer) {
        for (Link& l : rows_.first(used_))
            if (l.peer == peer)
                return &l;
        if (used_ == rows_.size()) {
            ++left_out_;
            return nullptr;
        }
        rows_[used_] = Link{.peer = peer};
        return &rows_[used_++];
    }
    [[nodiscard]] std::span<Link const> all() const { return rows_.first(used_); }
    [[nodiscard]] u64 left_out() const { return left_out_; }
};

void add_channel(Channel const& c, Links& links) {
    if (c.state != Channel::State::interdomain)
        return;
    if (Link* const l = links.with(c.peer_id)) {
        ++l->channels;
        l->sends += c.sends.load();
    }
}

void add_grant(GrantTable const& table, GrantRef ref, Links& links) {
    auto const active = table.active(ref);
    auto const shared = table.shared(ref);
    bool const used = active.pins.any();
    if (!used && (shared.flags & GTF_type_mask) != GTF_permit_access)
        return;
    if (Link* const l = links.with(used ? active.user : DomId{shared.domid})) {
        ++l->grants;
        l->in_use += used;
    }
}

}  // namespace

Task show_links(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"DOMAIN", 6}, Column{"PEER", 5},   Column{"CHANNELS", 8},
                                        Column{"SENDS", 12}, Column{"GRANTS", 7}, Column{"IN_USE", 6}};
    static constexpr usize most_peers = 512;
    auto room = mm::HeapArray<Link>::make(most_peers);
    if (!room) {
        out.refuse("no memory to count in");
        co_return;
    }
    out.table(columns);
    u64 left_out = 0;
    for (ChosenDomains d; d; d.next()) {
        Links links{room->span()};
        for (u32 at = 0; at != no_more;) {
            at = some_channels(*d, at, read_portion, [&](u32, Channel const& c) { add_channel(c, links); });
            co_await preemption_point;
        }
        for (u32 at = 0; at != no_more;) {
            at = some_grants(*d, at, read_portion,
                             [&](GrantTable const& t, GrantRef ref) { add_grant(t, ref, links); });
            co_await preemption_point;
        }
        for (Link const& l : links.all()) {
            out.row({d->id, l.peer, l.channels, l.sends, l.grants, l.in_use});
            co_await preemption_point;
        }
        left_out += links.left_out();
    }
    if (left_out != 0)
        out.note("{} channels and grants of more peers", left_out);
}

}  // namespace monitor
