// SPDX-License-Identifier: MIT
// Takes frames and throws them away: what is left is the cost of the way here.
// For each `credit_every` frames it answers with one small frame that carries the
// count, so that a sender can keep a fixed number under way and lose none.
#include <cstdio>
#include <cstring>

#include "guest-pv/apps/sink/credit.hpp"
#include "guest-pv/net/netfront.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"

namespace {

usize length_of(net::RxRing::Pieces pieces) {
    usize n = 0;
    for (auto const& piece : pieces)
        n += piece.size();
    return n;
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
    auto* const store = rt::xenbus::connection();
    if (!store)
        return 1;
    auto device = net::Netfront::open(*store, 0);
    if (!device) {
        std::puts("sink: this guest has no network device");
        return 1;
    }
    net::Netfront& card = **device;
    std::puts("sink: ready");
    u64 frames = 0;
    for (;;) {
        bool const more = card.receive([&](net::RxRing::Pieces pieces) {
            if (length_of(pieces) >= least_length && ++frames % credit_every == 0)
                send_credit(card, frames);
        });
        if (!more)
            card.wait(rt::never);
    }
}
