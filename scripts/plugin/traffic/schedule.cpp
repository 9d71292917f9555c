// SPDX-License-Identifier: MIT
#include "scripts/plugin/traffic/schedule.hpp"

#include <cinttypes>
#include <cstdlib>

namespace traffic {
namespace {

struct Kind {
    std::string_view name;
    Work (*start)(Bench&, Parameters);
};

constexpr Kind kinds[] = {{"rx", receive}, {"load", load},        {"flood", flood},      {"tx", transmit},
                          {"echo", echo},  {"tcp-rx", stream_in}, {"tcp-tx", stream_out}};

// NAME:FRAME:PACKETS[:PERCENT:PERIOD]
Work start(Bench& bench, std::string const& description) {
    auto const colon = description.find(':');
    char* end = nullptr;
    Parameters parameters{};
    parameters.frame = static_cast<std::uint32_t>(std::strtoul(description.c_str() + colon + 1, &end, 10));
    for (auto* const number : {&parameters.packets, &parameters.percent, &parameters.period})
        if (*end == ':')
            *number = std::strtoull(end + 1, &end, 10);
    for (auto const& kind : kinds)
        if (kind.name == std::string_view{description}.substr(0, colon))
            return kind.start(bench, parameters);
    std::fprintf(stderr, "traffic: there is no work %s\n", description.c_str());
    std::exit(1);
}

}  // namespace

Schedule::Schedule(Wire wire, bool several_cpus, std::size_t guests, std::vector<std::string> works,
                   std::FILE* record)
    : ledger_{several_cpus},
      host_{wire},
      bench_{host_, ledger_, guests},
      works_{std::move(works)},
      record_{record},
      current_{greet(bench_)} {}

void Schedule::look(bool idle) {
    bench_.idle = idle;
    host_.look();
    while (current_) {
        current_->go_on();
        if (!current_->done())
            break;
        note();
        begin_next();
    }
    host_.settle();
}

void Schedule::card_got_buffers() {
    if (!host_.blocked())
        return;
    host_.unblock();
    look(false);
}

void Schedule::begin_next() {
    current_.reset();
    host_.on_datagram({});
    bench_.outcome = {};
    ledger_.clear();
    if (next_ < works_.size()) {
        current_.emplace(start(bench_, works_[next_++]));
        return;
    }
    std::fputs("done\n", record_);
    std::fflush(record_);
}

// Of the greeting there is nothing to note.
void Schedule::note() {
    if (next_ == 0)
        return;
    auto const& outcome = bench_.outcome;
    if (!outcome.failure.empty()) {
        std::fprintf(record_, "failed %s %s\n", works_[next_ - 1].c_str(), outcome.failure.data());
        std::fflush(record_);
        return;
    }
    std::fprintf(record_, "work %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                 works_[next_ - 1].c_str(), outcome.packets, ledger_.charged(), outcome.sent,
                 outcome.received);
    ledger_.write(record_);
    std::fflush(record_);
}

}  // namespace traffic
