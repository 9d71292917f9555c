// SPDX-License-Identifier: MIT
// The face of a network card for those who use it. Packets come and go in
// batches, per queue; each queue has one owner, so the path has no lock.
#pragma once

#include <bitset>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "drivers/net/counters.hpp"
#include "drivers/net/mac.hpp"
#include "drivers/net/own_queue.hpp"
#include "drivers/net/packet.hpp"
#include "drivers/net/places.hpp"
#include "kernel/base/result.hpp"

namespace nic {

// What the card does to frames it sends, over IPv4 and IPv6 alike.
struct Offload {
    bool checksum = false;      // completes a blank one
    bool segmentation = false;  // cuts large frames, and for that changes their headers in place
};

// Virtual networks by number (IEEE 802.1Q); 0 is the one without tags.
using Vlans = std::bitset<4096>;

class Nic {
  public:
    virtual ~Nic() = default;

    [[nodiscard]] virtual std::string_view driver() const = 0;
    [[nodiscard]] virtual Mac mac() const = 0;
    [[nodiscard]] virtual u16 queues() const = 0;
    [[nodiscard]] virtual bool link_up() const = 0;
    [[nodiscard]] virtual Offload offload() const = 0;
    // Of what goes over the wire, either way.
    [[nodiscard]] virtual u32 max_frame() const = 0;
    [[nodiscard]] virtual Counters const& counters() const = 0;

    // How many came; what was sent is let go of. `into` is some empty places. A card that leaves a checksum
    // blank, or a frame large, does not say where the headers are.
    virtual u32 receive(u16 queue, std::span<PacketRef> into) = 0;

    // How many fit; those are taken from the front, the rest stays with the
    // caller.
    virtual u32 transmit(u16 queue, std::span<PacketRef> packets) = 0;

    // One more interrupt for this queue, please, when something comes or was
    // sent. An interrupt switches itself off until asked for again. What came
    // before arming may not interrupt: true when something is there already.
    virtual bool arm(u16 queue) = 0;
    // Whether something is there, or was sent. An interrupt that was asked for has come by then, or is about
    // to.
    [[nodiscard]] virtual bool pending(u16 queue) const = 0;

    // For who follows frames.
    [[nodiscard]] virtual Places places(u16 queue) const { return {.queue = queue}; }
    // The last descriptor of one that is being sent.
    [[nodiscard]] virtual std::optional<u32> place_of(u16, Packet const&) const { return std::nullopt; }

    // About once a second: link, and hardware that stopped answering.
    virtual void tick(Nanos now) = 0;

    // Reset the card at the next tick, as if it had stopped answering.
    virtual void ask_reset() = 0;

    // Of which networks broadcasts and multicasts matter. While stations have
    // queues of their own, those of others may not come to the common queue.
    virtual void hear(Vlans const&) {}

    // How many stations may have queues of their own, besides the common ones.
    [[nodiscard]] virtual u16 own_queues() const { return 0; }

    // One of them, which ends before the card does. Errno::busy: all are taken;
    // Errno::exist: the station has one; Errno::again: the card is being reset.
    virtual Result<std::unique_ptr<OwnQueue>> own_queue(Station const&, OwnWake) {
        return Fail{Errno::opnotsupp};
    }
};

// Called with the queue that has something; must not block.
using Wake = std::function<void(u16 queue)>;

}  // namespace nic
