// SPDX-License-Identifier: MIT
// Work with UDP. The first fifth of each is not charged: queues fill, caches of
// the guest's kernel as well.
#include <array>
#include <optional>
#include <vector>

#include "scripts/plugin/traffic/sink_count.hpp"

namespace traffic {
namespace {

// Frames for one guest, of which some are under way.
struct Flow {
    std::uint64_t before;  // all this, the guest had received
    std::uint64_t sent = 0;
};

}  // namespace

// Programs in the guests are being started still: the first questions are lost,
// and what else begins now is to have come to its end before anything is counted.
// Drivers send before their card has a link, which takes it half a second. What
// was sent to it meanwhile would wait for the main thread, and that for a turn of its own.
Work greet(Bench& bench) {
    co_await [&bench] { return bench.host.guests() > 0; };
    if (bench.ledger.knows_time()) {
        constexpr std::uint64_t has_link_after = 1'000'000'000;
        auto const has_link = bench.ledger.time() + has_link_after;
        co_await [&bench, has_link] { return bench.ledger.time() >= has_link; };
    }
    for (std::size_t guest = 0; guest < bench.guests; guest++) {
        co_await [&bench, guest] { return bench.host.guests() > guest; };
        bench.host.send(generator_port, std::array{std::byte{'h'}}, guest);
    }
    SinkCount count{bench};
    constexpr unsigned rests = 100;
    for (unsigned rest = 0; rest < rests || !count.answered(); rest++) {
        if (!count.answered())
            count.ask();
        co_await [&] { return bench.idle; };
        bench.idle = false;
    }
}

Work receive(Bench& bench, Parameters parameters) {
    auto const payload = payload_of(parameters.frame);
    auto const share = parameters.packets / bench.guests;
    SinkCount count{bench};
    count.ask();
    co_await [&] { return count.answered(); };
    std::vector<Flow> flows;
    for (std::size_t guest = 0; guest < bench.guests; guest++)
        flows.push_back({count.of(guest)});
    auto const before = count.datagrams();
    auto const received = [&] { return count.datagrams() - before; };
    std::optional<std::uint64_t> charged_from;
    while (received() < share * bench.guests) {
        for (std::size_t guest = 0; guest < bench.guests; guest++)
            for (auto& flow = flows[guest];
                 flow.sent < share && flow.sent + flow.before - count.of(guest) < window; flow.sent++)
                bench.host.send(sink_port, payload, guest);
        co_await [&, seen = received()] { return received() != seen; };
        if (!charged_from && received() >= parameters.packets / 5) {
            charged_from = received();
            bench.ledger.open();
        }
    }
    bench.ledger.close();
    bench.outcome = {received() - *charged_from, share * bench.guests, received()};
}

Work flood(Bench& bench, Parameters parameters) {
    constexpr std::uint64_t at_once = 16;
    auto const payload = payload_of(parameters.frame);
    SinkCount count{bench};
    count.ask();
    co_await [&] { return count.answered(); };
    auto const before = count.datagrams();
    std::optional<std::uint64_t> charged_from;
    for (std::uint64_t sent = 0; sent < parameters.packets; sent += at_once) {
        if (!charged_from && sent >= parameters.packets / 5) {
            charged_from = count.datagrams();
            bench.ledger.open();
        }
        for (std::uint64_t i = 0; i < at_once; i++)
            bench.host.send(sink_port, payload);
        bench.host.settle();
        co_await [&] { return !bench.host.blocked(); };
    }
    co_await [&] { return bench.idle; };
    bench.ledger.close();
    count.ask();
    co_await [&] { return count.answered(); };
    bench.outcome = {count.datagrams() - *charged_from, parameters.packets, count.datagrams() - before};
}

Work transmit(Bench& bench, Parameters parameters) {
    std::uint64_t received = 0;
    bool ended = false;
    bench.host.on_datagram([&](std::size_t, std::span<std::byte const> bytes) {
        received += !bytes.empty();
        ended |= bytes.empty();
    });
    Order const order{static_cast<std::uint32_t>(parameters.packets), parameters.frame - datagram_headers};
    bench.host.send(source_port, std::as_bytes(std::span{&order, 1}));
    co_await [&] { return received >= parameters.packets / 5; };
    auto const from = received;
    bench.ledger.open();
    co_await [&] { return ended; };
    bench.ledger.close();
    bench.outcome = {received - from, parameters.packets, received};
}

Work echo(Bench& bench, Parameters parameters) {
    auto const payload = payload_of(parameters.frame);
    std::uint64_t replies = 0;
    bench.host.on_datagram([&](std::size_t, std::span<std::byte const>) { replies++; });
    constexpr std::uint64_t unmeasured = 8;
    for (std::uint64_t round = 0; round < parameters.packets + unmeasured; round++) {
        co_await [&] { return bench.idle; };
        if (round >= unmeasured)
            bench.ledger.open();
        bench.host.send(echo_port, payload);
        bench.host.settle();
        co_await [&] { return replies == round + 1 && bench.idle; };
        bench.ledger.close();
        bench.idle = false;
    }
    bench.outcome = {parameters.packets, parameters.packets + unmeasured, replies};
}

}  // namespace traffic
