// SPDX-License-Identifier: MIT
// Event channels of one domain.
#include "kernel/monitor/command.hpp"

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

}  // namespace

void show_channels(Arguments const& args, Report& out) {
    static constexpr std::array columns{
        Column{"PORT", 5},    Column{"KIND", 12, true}, Column{"VCPU", 4},  Column{"PEER", 16, true},
        Column{"PENDING", 7}, Column{"MASKED", 6},      Column{"SENDS", 10}};
    DomainRef const d = domain_argument(args, 0, out);
    if (!d)
        return;
    shared_info_t const& shared = *d->shared_info();
    out.table(columns);
    auto const channels = d->events.lock();
    for (u32 port = channels->next_in_use(1); port < EventChannels::max_ports;
         port = channels->next_in_use(port + 1)) {
        Channel const& c = *channels->find(EvtchnPort{port});
        Peer peer;
        out.row({port, kind_name(c.state), c.vcpu.load(), peer_of(c, peer), bit(shared.evtchn_pending, port),
                 bit(shared.evtchn_mask, port), c.sends.load()});
    }
}

}  // namespace monitor
