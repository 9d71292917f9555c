// SPDX-License-Identifier: MIT
// Sends to the guest `sink`, whose address is in `to=`, and never has more
// frames under way than any queue between them holds. So all arrive from the
// sink's first answer on; how many did is told after each round of them.
#include <cstdio>
#include <cstring>
#include <optional>

#include "guest-pv/apps/sink/credit.hpp"
#include "guest-pv/net/netfront.hpp"
#include "guest-pv/rt/boot.hpp"

namespace {

constexpr u64 round_frames = 4096;
constexpr u64 most_under_way = 96;
constexpr usize frame_bytes = 1514;
constexpr usize question_bytes = 60;
static_assert(round_frames % credit_every == 0 && most_under_way > 2 * credit_every);
// The sink is asked so often whether it is there.
constexpr Nanos until_asked_again = 2 * rt::second;
// An answer that takes longer does not come. System time goes on also where the
// machine's owner keeps a processor of it from running for seconds.
constexpr Nanos patience = 60 * rt::second;

class Source {
  public:
    Source(net::Netfront& card, net::Mac const& to) : card_{card}, to_{to} {}

    // The sink may not be there yet.
    void meet() {
        do
            send(question_bytes);
        while (!await_credit(until_asked_again));
        sent_ = *arrived_;
    }

    void send_round() {
        for (u64 end = sent_ + round_frames; sent_ < end;) {
            if (sent_ - *arrived_ >= most_under_way && !await_credit())
                break;
            sent_ += send(frame_bytes) ? 1 : 0;
        }
        card_.flush();
        while (*arrived_ < sent_ && await_credit()) {
        }
        std::printf("source: %lu sent, %lu arrived\n", sent_, *arrived_);
    }

  private:
    // A short one asks the sink for its count.
    bool send(usize bytes) {
        return card_.send([&](std::span<std::byte> into) {
            Credit head;
            head.to = to_;
            head.from = card_.mac();
            std::memset(into.data(), 0, bytes);
            std::memcpy(into.data(), &head, sizeof head);
            return bytes;
        });
    }

    // False: none came in time.
    bool await_credit(Nanos at_most = patience) {
        card_.flush();
        auto const before = arrived_;
        for (Nanos const deadline = rt::now() + at_most; arrived_ == before && rt::now() < deadline;)
            if (!card_.receive([this](net::RxRing::Pieces pieces) { hear(pieces.front()); }))
                card_.wait(deadline);
        return arrived_ != before;
    }

    void hear(std::span<std::byte const> frame) {
        Credit credit;
        if (frame.size() < sizeof credit)
            return;
        std::memcpy(&credit, frame.data(), sizeof credit);
        if (credit.type == Credit{}.type && credit.from == to_)
            arrived_ = u64{credit.frames};
    }

    net::Netfront& card_;
    net::Mac to_;
    u64 sent_ = 0;
    std::optional<u64> arrived_;  // none: nothing was heard of the sink
};

}  // namespace

int main() {
    auto const to = net::parse_mac(rt::command_line_option("to"));
    if (!to) {
        std::puts("source: needs to=ADDRESS");
        return 1;
    }
    auto device = net::Netfront::first();
    if (!device) {
        std::puts("source: this guest has no network device");
        return 1;
    }
    while (!(*device)->connected())
        (*device)->wait(rt::now() + rt::second / 10);
    Source source{**device, *to};
    source.meet();
    for (;;)
        source.send_round();
}
