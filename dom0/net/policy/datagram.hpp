// SPDX-License-Identifier: MIT
// What the headers of a frame claim. All of it is a guest's word; nothing is
// read beyond the bytes that are there.
#pragma once

#include <optional>
#include <span>

#include "dom0/net/policy/address.hpp"

namespace policy {

using Bytes = std::span<std::byte const>;

// Behind the addresses and at most one tag.
struct Link {
    u16 type = 0;
    Bytes payload;
};
Link read_link(Bytes head);

struct Datagram {
    Address source;
    Address destination;
    u8 protocol = 0;    // behind all of IPv6's extension headers
    bool whole = true;  // not a piece of a larger one
    Bytes transport;    // empty in all pieces but the first

    // Zero where there are none.
    [[nodiscard]] u16 source_port() const { return port(0); }
    [[nodiscard]] u16 destination_port() const { return port(2); }

  private:
    [[nodiscard]] u16 port(usize at) const;
};

// Empty unless the link carries IP whose headers can be walked to their end.
std::optional<Datagram> read_datagram(Link const& link);

}  // namespace policy
