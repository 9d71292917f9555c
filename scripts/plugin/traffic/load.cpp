// SPDX-License-Identifier: MIT
// Frames at a share of the rate at which the guest can receive them.
//
// Nothing of ours runs while the machine waits for an interrupt, so what is due
// meanwhile is sent before: QEMU's filter-buffer between wire and card hands on
// what it got at the end of each period of the machine's time.
#include <algorithm>

#include "scripts/plugin/traffic/sink_count.hpp"

namespace traffic {
namespace {

constexpr std::uint64_t hundred = 100;

// Frames come one after the other, so many nanoseconds apart.
class Pace {
  public:
    Pace(Bench const& bench, std::uint64_t apart, std::uint64_t period)
        : bench_{bench}, began_{bench.ledger.time()}, apart_{apart}, period_{period} {}

    // Those that are to be with the filter by now. A machine that goes to sleep
    // must find some at the end of the period, or sleeps for ever.
    [[nodiscard]] std::uint64_t due() const {
        auto const ahead = bench_.idle ? 2 * period_ : period_;
        return (bench_.ledger.time() - began_ + ahead) / apart_;
    }

  private:
    Bench const& bench_;
    std::uint64_t began_;
    std::uint64_t apart_;
    std::uint64_t period_;
};

}  // namespace

Work load(Bench& bench, Parameters parameters) {
    auto const payload = payload_of(parameters.frame);
    SinkCount count{bench};
    count.ask();
    co_await [&] { return count.answered(); };
    auto before = count.datagrams();
    auto const received = [&] { return count.datagrams() - before; };
    std::uint64_t sent = 0;
    auto const began = bench.ledger.time();
    while (received() < parameters.packets) {
        for (; sent < parameters.packets && sent - received() < window; sent++)
            bench.host.send(sink_port, payload);
        co_await [&, seen = received()] { return received() != seen; };
    }
    auto const at_most = (bench.ledger.time() - began) / parameters.packets;

    before = count.datagrams();
    Pace const pace{bench, at_most * hundred / parameters.percent, parameters.period};
    bench.ledger.open();
    for (sent = 0; sent < parameters.packets;) {
        co_await [&] { return sent < pace.due(); };
        for (auto const due = std::min(pace.due(), parameters.packets); sent < due; sent++)
            bench.host.send(sink_port, payload);
    }
    // The card has got all of them by then, and a machine that sleeps has seen to them.
    auto const got = bench.ledger.time() + 3 * parameters.period;
    co_await [&] { return bench.idle && bench.ledger.time() >= got; };
    bench.ledger.close();
    count.ask();
    co_await [&] { return count.answered(); };
    bench.outcome = {received(), sent, received()};
}

}  // namespace traffic
