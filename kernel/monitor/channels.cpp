// SPDX-License-Identifier: MIT
// Event channels of one domain.
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/portions.hpp"

namespace monitor {
namespace {

std::string_view kind_name(Channel::State s) {
    static constexpr std::array<std::string_view, 6> names{"free", "unbound", "interdomain",
                                                           "pirq", "virq",    "ipi"};
    return names[static_cast<usize>(s)];
}

u32 bit(xen_ulong_t const (&words)[64], u32 port) {
    return (words[port / 64] >> (port % 64) & 1) != 0;
}

using Peer = std::array<char, 32>;
std::string_view peer_of(Channel const& c, Peer& buffer) {
    switch (c.state) {
        case Channel::State::interdomain:
            return text::format_to(buffer, "d{} port {}", c.peer_id, c.number);
        case Channel::State::unbound:
            return text::format_to(buffer, "for d{}", c.peer_id);
        case Channel::State::pirq:
        case Channel::State::virq:
            return text::format_to(buffer, "{}", c.number);
        default:
            return "-";
    }
}

// The other side of a channel, as far as there is one: who is notified there,
// and whether the port is pending or masked.
struct OtherEnd {
    u32 vcpu = 0, pending = 0, masked = 0;
};
OtherEnd other_end(Channel const& c) {
    if (c.state != Channel::State::interdomain)
        return {};
    shared_info_t const& shared = *c.peer->shared_info();
    return {c.peer_vcpu.load(), bit(shared.evtchn_pending, c.number), bit(shared.evtchn_mask, c.number)};
}

void channel_row(Domain const& d, u32 port, Channel const& c, Report& out) {
    shared_info_t const& shared = *d.shared_info();
    Peer peer;
    OtherEnd const other = other_end(c);
    out.row({d.id, port, kind_name(c.state), c.vcpu.load(), bit(shared.evtchn_pending, port),
             bit(shared.evtchn_mask, port), c.sends.load(), peer_of(c, peer), other.vcpu, other.pending,
             other.masked});
}

}  // namespace

Task show_channels(Arguments const& args, Report& out) {
    static constexpr std::array columns{
        Column{"DOM", 4},           Column{"PORT", 5},        Column{"KIND", 12, true},
        Column{"VCPU", 4},          Column{"PENDING", 7},     Column{"MASKED", 6},
        Column{"SENDS", 10},        Column{"PEER", 16, true}, Column{"PEER_VCPU", 9},
        Column{"PEER_PENDING", 12}, Column{"PEER_MASKED", 11}};
    out.table(columns);
    for (ChosenDomains d{args, out}; d; d.next())
        for (u32 at = 0; at != no_more;) {
            at = some_channels(*d, at, printed_portion,
                               [&](u32 port, Channel const& c) { channel_row(*d, port, c, out); });
            co_await preemption_point;
        }
}

}  // namespace monitor
