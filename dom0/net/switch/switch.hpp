// SPDX-License-Identifier: MIT
// The packet path: one thread polls the ports that have something, lets the
// bridge decide, and flushes the ports that got something. Ports with events
// off cost nothing until they ask for attention again.
#pragma once

#include <array>

#include "dom0/net/bridge/bridge.hpp"
#include "dom0/net/bridge/port_set.hpp"
#include "dom0/net/switch/port.hpp"
#include "dom0/net/switch/residence.hpp"
#include "dom0/net/switch/route_memo.hpp"
#include "dom0/net/switch/shares.hpp"
#include "drivers/net/pool.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"
#include "kernel/base/result.hpp"

namespace net {

using bridge::PortId;

// How a port is plugged in.
struct Plug {
    bridge::Vlans vlans;
    std::optional<nic::Mac> station{};  // whose place is here and nowhere else
    bool shares = true;                 // as one of several guests, beside whom it sends
};

class Switch {
  public:
    // Its buffers are for frames that have to be changed for one port alone.
    explicit Switch(nic::PacketPool& pool) : pool_{pool} {}

    // The port stays the caller's and is detached before it dies.
    Result<PortId> attach(Port& port, Plug const& plug);
    void detach(PortId port);

    // As Bridge::reserve and give_up, for who attaches a port with this station
    // later, or again.
    void reserve(bridge::Station const& station) { bridge_.reserve(station); }
    void give_up(bridge::Station const& station) { bridge_.give_up(station); }

    // The watcher gets a copy of every frame that comes in or goes out by the
    // watched port; none: no longer.
    void mirror(PortId watched, std::optional<PortId> watcher) { watchers_[watched.raw()] = watcher; }

    // The station pinned to this port lives behind the port of a card from now
    // on: frames for it go there, and broadcasts are the card's to hand it. Its
    // queue is steered to before the card's port is polled again.
    // Errno::opnotsupp: not this station.
    Result<> settle(PortId port, nic::Mac station, PortId card, Residence& residence);
    [[nodiscard]] bool may_settle(PortId port, nic::Mac station, PortId card) const {
        return bridge_.may_settle(station, port, card);
    }
    // With the card told to steer no more, and before the next poll of its port,
    // which may bring frames for it.
    void move_out(PortId port);
    // Sends what waits at the port, out of its turn.
    void flush(PortId port, Nanos now);

    // Something happened at this port: from event handlers.
    void wake(PortId port);

    // Forward frames for ever.
    [[noreturn]] void run();

    // One turn for everybody who has something. While guests compete, one for
    // those alone who have not used up their share, as long as they have frames:
    // who sends one now and then does not wait for who sends many.
    void round(Nanos now);
    [[nodiscard]] bool busy() const { return !pending_.empty(); }
    void tick(Nanos now);
    // When there is something to do even without an event.
    [[nodiscard]] Nanos next_retry() const { return next_retry_; }

  private:
    // A port whose frames, so many in one turn, find no room is left alone so long.
    static constexpr u32 overload = 48;
    static constexpr Nanos overload_rest = rt::millisecond;

    void tell_networks();
    [[nodiscard]] bridge::PortSet next_turns(Nanos now);
    void poll(PortId id, Nanos now);
    void offer(PortId from, std::span<nic::PacketRef const> batch, Nanos now);
    void delay(PortId id, Nanos until);
    void rest(PortId id, Nanos until);
    void end_delays(Nanos now);
    // Good until it is asked about another frame.
    RouteMemo::Way const& ask_bridge(std::span<std::byte const> head, PortId from, Nanos now);
    [[nodiscard]] bool is_for_one(bridge::Route const& route, PortId from) const;
    [[nodiscard]] bool passes_unchanged(RouteMemo::Way const& way, PortId from) const;
    u32 forward(std::span<nic::PacketRef> frames, PortId from, Nanos now);
    void forward_alone(nic::PacketRef&& packet, RouteMemo::Way const& way, PortId from);
    void send(nic::PacketRef&& packet, RouteMemo::Way const& way, PortId from, PortId to);
    void deliver(std::span<nic::PacketRef> frames, PortId from, PortId to);
    void deliver(nic::PacketRef&& packet, PortId from, PortId to) {
        deliver(std::span{&packet, 1}, from, to);
    }

    struct Home {
        Residence* residence = nullptr;
        PortId card{};
        nic::Mac station{};
    };

    nic::PacketPool& pool_;
    bridge::Bridge bridge_;
    std::array<Port*, bridge::max_ports> ports_{};
    std::array<std::optional<PortId>, bridge::max_ports> watchers_{};
    std::array<Home, bridge::max_ports> homes_{};
    bridge::PortSet settled_;  // those that have a home
    bridge::PortSet present_;
    bridge::PortSet pending_;  // to be polled
    bridge::PortSet dirty_;    // to be flushed
    bridge::PortSet idle_;     // to be armed at the end of the round
    bridge::PortSet delayed_;  // to be polled at next_retry_
    bridge::PortSet resting_;  // of these, not to be heard before either
    Nanos rest_end_ = 0;       // of all of those
    Nanos next_retry_ = rt::never;
    Shares shares_;
    bool heard_ = false;  // a guest, in the last round
    std::array<nic::PacketRef, Shares::long_turn> batch_{};
    RouteMemo memo_;   // of the present batch
    u32 refused_ = 0;  // of the present batch, by those it was for
    rt::WaitQueue wake_;
};

}  // namespace net
