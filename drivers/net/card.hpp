// SPDX-License-Identifier: MIT
// What every driver does alike: watch over the card, reset it when it does not
// answer, try again with growing pauses, stop it for sure, follow its link.
#pragma once

#include <array>

#include "drivers/net/nic.hpp"
#include "drivers/net/shadow.hpp"
#include "drivers/pci/function.hpp"

namespace nic {

class Card : public Nic {
  public:
    [[nodiscard]] bool link_up() const final { return link_up_; }
    [[nodiscard]] Counters const& counters() const final { return counters_; }
    void tick(Nanos now) final;
    void ask_reset() final { reset_asked_ = true; }

  protected:
    explicit Card(pci::Function function) : function_{function} {}

    // From a reset, which it begins with, to running.
    virtual Result<> start() = 0;
    // Errno::timedout when it does not end.
    virtual Result<> reset_chip() = 0;
    // What is wrong with the card, seen about once a second; empty: nothing.
    // It calls see_link().
    virtual std::string_view complaint(Nanos now) = 0;
    // Calls take_back for everything the card had, after count_unread.
    virtual void empty_rings(bool stopped) = 0;

    // start(), and it runs.
    Result<> run();
    // For the destructor: what the card had is taken back if it stops.
    void retire() { empty_rings(stop()); }
    // Returns how many packets the card still had. What a card that runs on may
    // still write to can never be used again.
    u32 take_back(Shadow& lent, bool stopped);
    // Frames in a receive queue of a card that has stopped: they are lost, and
    // counted. `receive` is that of the queue; a card that runs on is not asked.
    template <class Receive>
    void count_unread(bool stopped, Receive receive) {
        std::array<PacketRef, 16> frames;
        Counters unread;
        while (stopped && receive(std::span{frames}, unread) != 0)
            for (PacketRef& frame : frames)
                frame.reset();
        counters_.rx_lost += unread.rx_packets;
        counters_.rx_bad += unread.rx_bad;
        counters_.rx_no_buffer += unread.rx_no_buffer;
    }
    void see_link(bool up);

    [[nodiscard]] bool running() const { return running_; }
    // tick() is waiting for the card, and other threads run meanwhile.
    [[nodiscard]] bool const& restarting() const { return restarting_; }
    [[nodiscard]] pci::Function const& function() const { return function_; }
    [[nodiscard]] Counters& counters() { return counters_; }

  private:
    bool stop();
    void restart(Nanos now, std::string_view why);

    static constexpr Nanos first_backoff = 1'000'000'000;

    pci::Function function_;
    bool running_ = false;
    bool link_up_ = false;
    bool reset_asked_ = false;
    bool restarting_ = false;
    Nanos next_attempt_ = 0;
    Nanos backoff_ = first_backoff;
    Counters counters_;
};

}  // namespace nic
