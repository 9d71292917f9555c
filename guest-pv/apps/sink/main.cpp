// SPDX-License-Identifier: MIT
// Takes frames and throws them away: what is left is the cost of the way here.
// For each `credit_every` frames it answers with one small frame that carries the
// count, so that a sender can keep a fixed number under way and lose none. The
// same frame answers one who asks.
#include <cstdio>
#include <cstring>

#include "guest-pv/apps/sink/credit.hpp"
#include "guest-pv/net/netfront.hpp"

namespace {

usize length_of(net::RxRing::Pieces pieces) {
    usize n = 0;
    for (auto const& piece : pieces)
        n += piece.size();
    return n;
}

bool is_question(net::RxRing::Pieces pieces, net::Mac const& own) {
    Credit head;
    if (pieces.empty() || pieces.front().size() < sizeof head)
        return false;
    std::memcpy(&head, pieces.front().data(), sizeof head);
    return head.type == Credit{}.type && head.to == own;
}

void send_credit(net::Netfront& device, u64 frames) {
    Credit credit;
    credit.from = device.mac();
    credit.frames = frames;
    device.send([&](std::span<std::byte> into) {
        std::memset(into.data(), 0, 60);
        std::memcpy(into.data(), &credit, sizeof credit);
        return usize{60};
    });
    device.flush();
}

}  // namespace

int main() {
    auto device = net::Netfront::first();
    if (!device) {
        std::puts("sink: this guest has no network device");
        return 1;
    }
    net::Netfront& card = **device;
    std::puts("sink: ready");
    u64 frames = 0;
    for (;;) {
        bool const more = card.receive([&](net::RxRing::Pieces pieces) {
            bool const counts = length_of(pieces) >= least_length;
            if (counts ? ++frames % credit_every == 0 : is_question(pieces, card.mac()))
                send_credit(card, frames);
        });
        if (!more)
            card.wait(rt::never);
    }
}
