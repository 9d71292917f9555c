// SPDX-License-Identifier: MIT
// What the generator can do, and what it notes of it.
#pragma once
#include <cstdint>
#include <string_view>

#include "scripts/plugin/traffic/host.hpp"
#include "scripts/plugin/traffic/ledger.hpp"
#include "scripts/plugin/traffic/work.hpp"

namespace traffic {

struct Outcome {
    std::uint64_t packets = 0;  // among which the charged instructions are divided
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::string_view failure{};  // why the rest means nothing; empty: it does
};

// What a piece of work sees of the machine.
struct Bench {
    Host& host;
    Ledger& ledger;
    std::size_t guests;  // that take part
    bool idle = false;   // the machine is about to wait for an interrupt
    Outcome outcome{};
};

struct Parameters {
    std::uint32_t frame = 0;  // its length without the check sequence
    std::uint64_t packets = 0;
    std::uint64_t percent = 0;  // of what the guest can receive
    std::uint64_t period = 0;   // of the machine's time, after which the card gets what was sent
};

// Says hello back, to all guests.
Work greet(Bench& bench);
// The guests receive, each with `window` frames under way at most: none is lost.
Work receive(Bench& bench, Parameters parameters);
// The guest receives so many percent of what it can.
Work load(Bench& bench, Parameters parameters);
// The guest receives as many as the card takes.
Work flood(Bench& bench, Parameters parameters);
// The guest sends.
Work transmit(Bench& bench, Parameters parameters);
// A frame there and back, when the machine has nothing to do.
Work echo(Bench& bench, Parameters parameters);
// Bulk TCP to and from the guest; a packet is a full segment.
Work stream_in(Bench& bench, Parameters parameters);
Work stream_out(Bench& bench, Parameters parameters);

}  // namespace traffic
