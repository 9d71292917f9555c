// SPDX-License-Identifier: MIT
// Frames to and fro between guests, to see how they fare beside one another.
// Its command line says what it does and, but for echo, with whom:
//
//     role=echo                    answers questions
//     role=ping peer=MAC after=MS  1000 round trips, one at a time; then prints their mean
//     role=watch peer=MAC          one each millisecond, without an end; prints how
//                                  many were lost of a period's
//     role=flood peer=MAC size=N   sends without an end; prints how many in each period
//     role=mute                    posts its receive buffers and never looks at them again
//
// With `from=MAC` it sends under that address, whether it is its own or not.
//
// Periods are of system time, which is the same for all guests: what several
// say of one period was at the same time.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "guest-pv/apps/rally/header.hpp"
#include "guest-pv/net/netfront.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/time.hpp"

namespace {

constexpr u32 round_trips = 1000;
constexpr u32 flush_every = 16;
constexpr Nanos period = 250 * rt::millisecond;

template <class Number>
Number option(char const* name, Number otherwise) {
    auto const text = rt::command_line_option(name);
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

// What is beyond the shortest frame stays as it is: a long one costs its sender
// no more, so how many it sends is not for its processor to decide.
void send(net::Netfront& card, Header const& header, usize size) {
    card.send([&](std::span<std::byte> into) {
        std::memset(into.data(), 0, least_frame);
        std::memcpy(into.data(), &header, sizeof header);
        return size;
    });
}

// Of a frame of ours, if it is one.
std::optional<Header> header_of(net::RxRing::Pieces pieces) {
    return pieces.empty() ? std::nullopt : read_header(pieces.front());
}

[[noreturn]] void echo(net::Netfront& card) {
    for (;;) {
        bool const more = card.receive([&](net::RxRing::Pieces pieces) {
            if (auto const header = header_of(pieces);
                header && header->to == card.mac() && header->question != 0)
                send(card, {.to = header->from, .from = card.mac(), .question = header->question},
                     least_frame);
        });
        card.flush();
        if (!more)
            card.wait(rt::never);
    }
}

// False when it did not come back within a second.
bool round_trip(net::Netfront& card, Header const& header) {
    send(card, header, least_frame);
    card.flush();
    Nanos const deadline = rt::now() + rt::second;
    bool back = false;
    while (!back && rt::now() < deadline) {
        bool const more = card.receive([&](net::RxRing::Pieces pieces) {
            auto const answer = header_of(pieces);
            back = back || (answer && answer->from == header.to && answer->question == header.question);
        });
        if (!more && !back)
            card.wait(deadline);
    }
    return back;
}

// The peer may not be there yet.
void meet(net::Netfront& card, Header& header) {
    do
        ++header.question;
    while (!round_trip(card, header));
}

int ping(net::Netfront& card, Header header) {
    meet(card, header);
    rt::sleep_until(option<Nanos>("after", 0) * rt::millisecond);
    u32 lost = 0;
    Nanos const start = rt::now();
    for (u32 i = 0; i < round_trips; ++i) {
        ++header.question;
        lost += round_trip(card, header) ? 0 : 1;
    }
    std::printf("rally: mean of %u round trips %lld ns, %u lost\n", round_trips,
                static_cast<long long>((rt::now() - start) / round_trips), lost);
    return 0;
}

[[noreturn]] void watch(net::Netfront& card, Header header) {
    meet(card, header);
    for (Nanos end = rt::now() + period;; end += period) {
        u32 trips = 0;
        u32 lost = 0;
        for (; rt::now() < end; ++trips) {
            ++header.question;
            lost += round_trip(card, header) ? 0 : 1;
            rt::sleep_for(rt::millisecond);
        }
        std::printf("rally: %u round trips, %u lost\n", trips, lost);
    }
}

void tell(Nanos begin, u64 frames) {
    std::printf("rally: %llu frames in the period from %lld ms\n", static_cast<unsigned long long>(frames),
                static_cast<long long>(begin / rt::millisecond));
}

// The first period is the first that it sends in from beginning to end.
[[noreturn]] void flood(net::Netfront& card, Header const& header, usize size) {
    Nanos end = (rt::now() / period + 1) * period;
    std::optional<u64> before;
    for (;;) {
        for (u32 i = 0; i < flush_every; ++i)
            send(card, header, size);
        card.flush();
        if (rt::now() < end)
            continue;
        u64 const sent = card.counts().tx.frames;
        if (before)
            tell(end - period, sent - *before);
        before = sent;
        end += period;
    }
}

int play(net::Netfront& card) {
    auto const role = rt::command_line_option("role");
    if (role == "echo")
        echo(card);
    if (role == "mute")
        for (;;)
            rt::sleep_until(rt::never);
    auto const peer = net::parse_mac(rt::command_line_option("peer"));
    if (!peer) {
        std::puts("rally: needs peer=MAC");
        return 1;
    }
    Header const header{.to = *peer,
                        .from = net::parse_mac(rt::command_line_option("from")).value_or(card.mac())};
    if (role == "ping")
        return ping(card, header);
    if (role == "watch")
        watch(card, header);
    if (role == "flood")
        flood(card, header, std::clamp<usize>(option("size", least_frame), least_frame, 1514));
    std::puts("rally: no such role");
    return 1;
}

}  // namespace

int main() {
    auto const card = net::Netfront::first();
    if (!card) {
        std::puts("rally: this guest has no network device");
        return 1;
    }
    while (!(*card)->connected())
        (*card)->wait(rt::now() + rt::second);
    std::puts("rally: ready");
    return play(**card);
}
