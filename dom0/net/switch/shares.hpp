// SPDX-License-Identifier: MIT
// How long a guest's turn is: deficit round robin by frames and by bytes. Long
// turns cost least. As soon as one guest sends much beside others, each has a
// small share of every cycle, so that nobody waits long for his, and who took
// more bytes than that (a large frame is taken whole) has less in the next.
#pragma once

#include <algorithm>
#include <array>
#include <limits>

#include "dom0/net/bridge/port_set.hpp"

namespace net {

class Shares {
  public:
    using PortId = bridge::PortId;

    struct Turn {
        u32 frames = 0;
        u64 bytes = 0;  // ends with the frame that uses them up

        explicit operator bool() const { return frames != 0 && bytes != 0; }
    };

    static constexpr u32 long_turn = 64;    // frames
    static constexpr u32 share_frames = 8;  // of a cycle
    static constexpr s64 share_bytes = share_frames * s64{1514};
    // Who sent within the last one or two of these is sending.
    static constexpr Nanos memory = 1'000'000;

    // Ports take part that are guests'; a card's turns are always long.
    void add(PortId port) {
        guests_.add(port);
        accounts_[port.raw()] = {.cycle = cycle_};
    }
    void remove(PortId port) {
        for (bridge::PortSet* set :
             {&guests_, &now_.sent, &now_.sent_much, &before_.sent, &before_.sent_much})
            set->remove(port);
    }

    [[nodiscard]] bool has(PortId port) const { return guests_.has(port); }

    [[nodiscard]] bool contended(Nanos now) {
        forget(now);
        return contended_;
    }
    // Everybody has a new share.
    void next_cycle() { ++cycle_; }

    // Of these, the guests that have something left of their share.
    [[nodiscard]] bridge::PortSet with_turn(bridge::PortSet const& ports, Nanos now) {
        bridge::PortSet some;
        ports.for_each([&](PortId port) {
            if (guests_.has(port) && turn(port, now))
                some.add(port);
        });
        return some;
    }
    // Of these, the ports that share nothing.
    [[nodiscard]] bridge::PortSet others(bridge::PortSet const& ports) const {
        return ports.without(guests_);
    }

    // What is left of its share, or a long turn when nobody is short of any.
    Turn turn(PortId port, Nanos now) {
        if (!guests_.has(port) || !contended(now))
            return {long_turn, std::numeric_limits<u64>::max()};
        Account const& account = renewed(port);
        return {account.frames, static_cast<u64>(std::max<s64>(account.bytes, 0))};
    }
    // In a turn.
    void took(PortId port, u32 frames, u64 bytes) {
        if (frames == 0 || !guests_.has(port))
            return;
        if (contended_) {
            Account& account = renewed(port);
            account.frames -= std::min(account.frames, frames);
            account.bytes -= static_cast<s64>(bytes);
        }
        now_.sent.add(port);
        if (frames >= share_frames)
            now_.sent_much.add(port);
        contended_ = contended_ || is_contended();
    }

  private:
    struct Senders {
        bridge::PortSet sent;
        bridge::PortSet sent_much;  // in one turn
    };
    struct Account {
        u64 cycle = 0;  // that it was renewed in
        u32 frames = share_frames;
        s64 bytes = share_bytes;  // negative: owed to the others
    };

    Account& renewed(PortId port) {
        Account& account = accounts_[port.raw()];
        auto const cycles = static_cast<s64>(std::min<u64>(cycle_ - account.cycle, most_owed));
        if (cycles != 0)
            account = {cycle_, share_frames, std::min(account.bytes + cycles * share_bytes, share_bytes)};
        return account;
    }
    [[nodiscard]] bool is_contended() const {
        bool const much = !now_.sent_much.empty() || !before_.sent_much.empty();
        return much && now_.sent.united(before_.sent).count() > 1;
    }
    void forget(Nanos now) {
        if (now < end_)
            return;
        bool const long_ago = now >= end_ + memory;
        before_ = long_ago ? Senders{} : now_;
        now_ = {};
        end_ = now + memory;
        contended_ = is_contended();
    }

    // Cycles after which nobody owes anything: no turn takes more bytes.
    static constexpr u64 most_owed = 64;

    bridge::PortSet guests_;
    Senders now_;     // since the last change
    Senders before_;  // and in the time before that
    Nanos end_ = 0;   // of now_
    bool contended_ = false;
    u64 cycle_ = 0;
    std::array<Account, bridge::max_ports> accounts_{};
};

}  // namespace net
