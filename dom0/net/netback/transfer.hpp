// SPDX-License-Identifier: MIT
// How bytes get from buffers of ours into pages a guest has granted, and back:
// a batch of pieces is planned, run, and, once it is done, asked about. Each way
// to do it is a class of its own; the queues do not know which one they have.
#pragma once

#include "drivers/net/packet.hpp"

namespace netback {

// A place inside a page of the guest.
struct Granted {
    GrantRef page;
    u16 offset = 0;
};

class Transfer {
  public:
    // What pieces belong to, as numbered by the caller; failures are told of it.
    static constexpr u32 most_items = 256;
    static constexpr u32 most_pieces = 512;

    virtual ~Transfer() = default;

    // Forgets the batch before.
    virtual void begin() = 0;
    // Pieces that may be planned still.
    [[nodiscard]] virtual u32 room() const = 0;

    // `bytes` from `offset` of the buffer on.
    virtual void to_guest(nic::Packet const& buffer, u16 offset, Granted to, u16 bytes, u32 item) = 0;
    // To behind what the buffer holds already.
    virtual void from_guest(Granted from, nic::Packet const& buffer, u16 bytes, u32 item) = 0;

    // Buffers and pages are in use from now until it is done.
    virtual void run() = 0;
    [[nodiscard]] virtual bool done() { return true; }
    // Asks to be told when it is. True: it is already, and nobody tells.
    [[nodiscard]] virtual bool arm() { return true; }
    // Whether all pieces of the item got there.
    [[nodiscard]] virtual bool complete(u32 item) const = 0;
};

}  // namespace netback
