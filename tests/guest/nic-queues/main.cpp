// SPDX-License-Identifier: MIT
// Queues of a card that belong to stations, on the card of this machine. The
// card switches between its queues, so nobody outside is needed.
#include <cstring>

#include "drivers/io/clock.hpp"
#include "drivers/io/dma.hpp"
#include "drivers/net/table.hpp"
#include "drivers/pci/enumerate.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using nic::Mac;

constexpr Mac everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
constexpr Mac alice{{2, 0, 0, 0, 0, 7}};
constexpr Mac bob{{2, 0, 0, 0, 0, 8}};
constexpr Mac nobody{{2, 0, 0, 0, 0, 9}};
constexpr Nanos patience = 2 * io::second;
constexpr u32 pages = 16;

struct Owner {
    std::unique_ptr<nic::OwnQueue> queue;
    io::DmaMemory memory;
    u32 next = 0;  // page to post
    unsigned wakes = 0;

    void post(u32 count) {
        for (; count != 0; --count, next = (next + 1) % pages)
            queue->post(std::array{memory.maddr() + next * page_size});
    }
    // Frames that are there after `wanted` were awaited.
    u32 frames(u32 wanted) {
        u32 count = 0;
        std::array<nic::Filled, pages> into;
        static_cast<void>(io::wait_until(
            [&] {
                count += queue->completed(into);
                return count >= wanted;
            },
            wanted == 0 ? 10 * io::millisecond : patience));
        return count;
    }
};

struct Machine {
    std::unique_ptr<nic::PacketPool> pool;
    std::unique_ptr<nic::Nic> card;

    nic::PacketRef frame(Mac to, u8 fill) {
        auto packet = pool->take();
        packet->length = 100;
        std::memset(packet->data, fill, packet->length);
        std::memcpy(packet->data, to.octets.data(), to.octets.size());
        return packet;
    }
    void send(Mac to, u8 fill = 0) {
        std::array out{frame(to, fill)};
        CHECK(card->transmit(0, out) == 1);
    }
    u32 common() {
        std::array<nic::PacketRef, 32> into;
        return card->receive(0, into);
    }
    void own(Owner& owner, Mac mac) {
        auto memory = io::DmaMemory::allocate(pages * page_size);
        NEED(memory);
        owner.memory = *memory;
        auto queue = card->own_queue({mac, 1518}, [&owner] { ++owner.wakes; });
        NEED(queue);
        owner.queue = std::move(*queue);
    }
};

bool find_card(Machine& machine) {
    for (pci::Function const& function : pci::enumerate()) {
        auto const* driver = nic::driver_for(function);
        if (driver == nullptr)
            continue;
        auto card = driver->probe(function, *machine.pool, [](u16) {});
        NEED(card);
        machine.card = std::move(*card);
        return machine.card->own_queues() >= 2;
    }
    return false;
}

void each_station_gets_its_own_frames(Machine& m, Owner& a, Owner& b) {
    m.send(alice, 1);
    m.send(bob, 2);
    m.send(alice, 3);
    m.send(nobody, 4);
    CHECK(a.frames(2) == 2);
    CHECK(b.frames(1) == 1);
    CHECK(a.memory.bytes()[99] == std::byte{1});
    CHECK(a.memory.bytes()[page_size + 99] == std::byte{3});
    CHECK(b.memory.bytes()[99] == std::byte{2});
    CHECK(a.frames(0) == 0);
    a.post(2);
    b.post(1);
}

void broadcasts_reach_all(Machine& m, Owner& a, Owner& b) {
    m.send(everybody);
    CHECK(a.frames(1) == 1);
    CHECK(b.frames(1) == 1);
    static_cast<void>(m.common());  // what QEMU's model brings back to the sender
    std::array out{m.frame(everybody, 5)};
    CHECK(a.queue->transmit(out) == 1);
    CHECK(b.frames(1) == 1);
    CHECK(m.common() == 1);
    CHECK(a.frames(0) == 0);
    CHECK(a.queue->retire());
}

void an_armed_queue_interrupts(Machine& m, Owner& b) {
    static_cast<void>(b.frames(0));
    static_cast<void>(b.queue->arm());
    b.wakes = 0;
    m.send(bob);
    CHECK(io::wait_until([&] { return b.wakes != 0; }, patience));
    CHECK(b.frames(1) == 1);
}

void a_full_queue_holds_up_nobody(Machine& m, Owner& b) {
    CHECK(b.queue->retire() == 9U - 4U);
    b.queue.reset();
    b.next = 0;
    m.own(b, bob);
    b.post(1);
    b.queue->steer();
    for (unsigned i = 0; i < 3; ++i)
        m.send(bob);
    std::array out{m.frame(everybody, 6)};
    CHECK(b.queue->transmit(out) == 1);
    CHECK(b.frames(1) == 1);
    CHECK(m.common() == 1);
    m.card->tick(io::now());
    std::printf("of 2 frames that found no page the card has counted %llu\n",
                static_cast<unsigned long long>(b.queue->counters().rx_missed));
}

void many_laps(Machine& m, Owner& b) {
    b.post(pages - 1);
    for (unsigned i = 0; i < 1000; ++i) {
        m.send(bob, static_cast<u8>(i));
        CHECK(b.frames(1) == 1);
        b.post(1);
    }
    CHECK(b.queue->counters().rx_packets == 1001);
    CHECK(b.queue->counters().rx_bad == 0);
}

}  // namespace

int main() {
    if (!rt::is_initial_domain())
        return verdict::skip("only the first domain has a card");
    auto pool = nic::PacketPool::create(400);
    NEED(pool);
    Machine machine{std::move(*pool), nullptr};
    if (!find_card(machine))
        return verdict::skip("no card with queues for stations");
    auto const up = [&] {
        machine.card->tick(io::now());
        return machine.card->link_up();
    };
    NEED(io::wait_until(up, 10 * io::second, 20 * io::millisecond));
    Owner a;
    Owner b;
    for (auto [owner, mac] : {std::pair{&a, alice}, std::pair{&b, bob}}) {
        machine.own(*owner, mac);
        owner->post(8);
        owner->queue->steer();
    }
    each_station_gets_its_own_frames(machine, a, b);
    broadcasts_reach_all(machine, a, b);
    an_armed_queue_interrupts(machine, b);
    a_full_queue_holds_up_nobody(machine, b);
    many_laps(machine, b);
    return verdict::finish();
}
