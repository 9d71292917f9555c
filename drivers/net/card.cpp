// SPDX-License-Identifier: MIT
// The life of a card.
#include "drivers/net/card.hpp"

#include <algorithm>

#include "drivers/io/clock.hpp"
#include "kernel/base/log.hpp"

namespace nic {

namespace {

constexpr Nanos longest_backoff = 60 * io::second;

}  // namespace

Result<> Card::run() {
    TRY_VOID(start());
    running_ = true;
    return {};
}

void Card::tick(Nanos now) {
    if (!running_) {
        if (now >= next_attempt_)
            restart(now, "trying again");
        return;
    }
    // It counts what a reset makes the card forget, so it comes first.
    auto const why = complaint(now);
    if (std::exchange(reset_asked_, false))
        return restart(now, "as asked");
    if (!why.empty())
        return restart(now, why);
    backoff_ = first_backoff;
}

void Card::see_link(bool up) {
    if (up != std::exchange(link_up_, up))
        log("{}: link is {}", driver(), up ? "up" : "down");
}

void Card::restart(Nanos now, std::string_view why) {
    log("{}: reset, {}", driver(), why);
    ++counters_.resets;
    restarting_ = true;
    retire();
    if (auto const running = run(); !running) {
        retire();
        next_attempt_ = now + backoff_;
        log("{}: no start, errno {}; next attempt in {} s", driver(), running.error(), backoff_ / io::second);
        backoff_ = std::min(2 * backoff_, longest_backoff);
    }
    restarting_ = false;
}

// The card is stopped when configuration space, which does not depend on it,
// reads back that it may not master the bus.
bool Card::stop() {
    running_ = false;
    function_.set_bus_master(false);
    bool const stopped = !function_.bus_master();
    if (!reset_chip())
        log("{}: the reset does not end", driver());
    return stopped;
}

u32 Card::take_back(Shadow& lent, bool stopped) {
    if (stopped)
        return lent.clear();
    u32 const count = lent.leak();
    counters_.leaked_buffers += count;
    return count;
}

}  // namespace nic
