// SPDX-License-Identifier: MIT
#include "dom0/net/policy/conversations.hpp"

namespace policy {

usize Conversations::Entry::place() const {
    u64 const ports = u64{peer_port} << 24 | u64{own_port} << 8 | protocol;
    // Fibonacci hashing, in steps so that no part cancels another.
    u64 hash = (peer.high ^ ports) * 0x9e37'79b9'7f4a'7c15;
    hash = (hash ^ hash >> 32 ^ peer.low) * 0x9e37'79b9'7f4a'7c15;
    return (hash >> 40) % size;
}

void Conversations::heard(Datagram const& from_peer) {
    Entry const entry{from_peer.source, from_peer.source_port(), from_peer.destination_port(),
                      from_peer.protocol, true};
    entries_[entry.place()] = entry;
}

bool Conversations::answers(Datagram const& to_peer) const {
    Entry const entry{to_peer.destination, to_peer.destination_port(), to_peer.source_port(),
                      to_peer.protocol, true};
    return entries_[entry.place()] == entry;
}

}  // namespace policy
