// SPDX-License-Identifier: MIT
// A card with a queue of one station's, and pages to post to it.
#pragma once

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/device.hpp"
#include "drivers/net/igb/igb.hpp"
#include "tests/host/net/igb.hpp"
#include "tests/host/net/pci_space.hpp"

namespace nic::test {

inline constexpr Mac station{{2, 0, 0, 0, 0, 7}};
inline constexpr Mac other{{2, 0, 0, 0, 0, 8}};
inline constexpr u64 done = 3;  // DD and EOP

inline std::vector<std::byte> frame(Mac to, usize length = 60, u8 fill = 0xab) {
    std::vector<std::byte> frame(length, std::byte{fill});
    std::memcpy(frame.data(), to.octets.data(), to.octets.size());
    return frame;
}

struct Setup {
    explicit Setup(devices::PciSpace space = devices::PciSpace::with_igb(), bool prunes = true)
        : pci{devices::pci_space() = std::move(space)} {
        chip.prunes = prunes;
    }

    devices::PciSpace& pci;
    devices::Igb chip;
    std::unique_ptr<PacketPool> pool = std::move(*PacketPool::create(1000));
    std::unique_ptr<Nic> card = std::move(*igb::probe(pci::Function{{0, 2, 0}}, *pool, [](u16) {}));
    io::DmaMemory memory = *io::DmaMemory::allocate(300 * page_size);
    unsigned wakes = 0;
    std::unique_ptr<OwnQueue> queue = *card->own_queue({station, 9000}, [this] { ++wakes; });
    std::array<Filled, 32> into;
    std::array<PacketRef, 32> packets;

    void post(u32 first, u32 count) {
        for (u32 i = first; i < first + count; ++i)
            queue->post(std::array{memory.maddr() + i * page_size});
    }
    u32 receive_all() {
        u32 const count = card->receive(0, packets);
        for (PacketRef& packet : packets)
            packet.reset();
        return count;
    }
    std::byte byte(u32 page, u32 offset) { return memory.bytes()[page * page_size + offset]; }
    PacketRef packet(Mac to) {
        auto packet = pool->take();
        packet->length = 60;
        std::memcpy(packet->data, to.octets.data(), to.octets.size());
        return packet;
    }
    u32 send(OwnQueue& from, Mac to) {
        std::array out{packet(to)};
        return from.transmit(out);
    }
    // The chip stops answering, is reset at the next tick and is back.
    void reset() {
        chip.vanished = true;
        card->tick(io::now());
        chip.vanished = false;
        devices::advance_clock(60 * io::second);
        card->tick(io::now());
    }
};

}  // namespace nic::test
