// SPDX-License-Identifier: MIT
// What is virtio's own, against a model that is honest, lies or hangs. What
// every driver does is tested in every_card.cpp.
#include "drivers/net/virtio/device.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch_test_macros.hpp>

#include "drivers/io/clock.hpp"
#include "tests/host/net/pci_space.hpp"
#include "tests/host/net/virtio_net.hpp"

using namespace nic;
using namespace nic::virtio_net;

namespace {

constexpr Header blank{.flags = needs_checksum, .kind = kind_one};
constexpr Header large{.flags = needs_checksum, .kind = kind_tcp4, .segment_bytes = 1448};

struct Setup {
    devices::PciSpace& pci = devices::pci_space() = devices::PciSpace::with_virtio_net();
    devices::VirtioNet chip;
    std::unique_ptr<PacketPool> pool = std::move(*PacketPool::create(1200));
    std::unique_ptr<Nic> card;
    std::array<PacketRef, 32> into;

    Errno start(u16 pairs = 1) {
        pci::Function const function{{0, 2, 0}};
        auto transport = virtio::Transport::find(function);
        if (!transport)
            return transport.error();
        auto device = std::make_unique<Device>(function, std::move(*transport), *pool, pairs, [](u16) {});
        auto const up = device->bring_up();
        card = std::move(device);
        return up ? Errno{} : up.error();
    }
    PacketRef packet(u16 length) {
        auto packet = pool->take();
        packet->length = length;
        return packet;
    }
    u32 receive() { return card->receive(0, into); }
    void tick() { card->tick(io::now()); }
};

struct Running : Setup {
    Running() {
        REQUIRE(start() == Errno{});
        idle = pool->free();
    }
    usize idle = 0;
};

std::vector<std::byte> frame(usize bytes) {
    return std::vector<std::byte>(bytes, std::byte{0x55});
}

// They are what frames can be, and let go of.
void check_frames(std::span<PacketRef> frames) {
    for (PacketRef& packet : frames) {
        u32 bytes = 0;
        for (Packet const* buffer = &*packet; buffer != nullptr; buffer = buffer->next()) {
            RC_ASSERT(buffer->headroom() + buffer->length <= buffer_bytes);
            bytes += buffer->length;
        }
        RC_ASSERT(bytes == packet->total());
        RC_ASSERT((packet->length >= header_bytes && bytes <= largest_frame));
        RC_ASSERT((!packet->is_large() || packet->checksum == Checksum::blank));
        packet.reset();
    }
}

}  // namespace

TEST_CASE("a device without version 1, without an address, or that refuses the features is not used") {
    Setup s;
    s.chip.offers = devices::VirtioNet::all_features() & ~virtio::version_1;
    REQUIRE(s.start() == Errno::nodev);
    s.chip.offers = devices::VirtioNet::all_features() & ~feature_mac;
    REQUIRE(s.start() == Errno::nodev);
    s.chip.offers = devices::VirtioNet::all_features();
    s.chip.refuses = true;
    REQUIRE(s.start() == Errno::opnotsupp);
}

TEST_CASE("nothing is accepted that was not offered, nor what needs something that was not") {
    Setup s;
    s.chip.offers =
        (devices::VirtioNet::all_features() | feature_mq | u64{1} << 40) & ~feature_csum & ~feature_mrg_rxbuf;
    REQUIRE(s.start() == Errno{});
    REQUIRE((s.chip.accepted() & ~s.chip.offers) == 0);
    REQUIRE((s.chip.accepted() & (u64{1} << 40)) == 0);
    REQUIRE((s.chip.accepted() & (feature_host_tso4 | feature_guest_tso4 | feature_mq)) == 0);
    REQUIRE_FALSE(s.card->offload().checksum);
    REQUIRE_FALSE(s.card->offload().segmentation);
}

TEST_CASE("a device with few features is used with what it has") {
    Setup s;
    s.chip.offers = virtio::version_1 | feature_mac;
    REQUIRE(s.start() == Errno{});
    s.tick();
    REQUIRE(s.card->link_up());
    REQUIRE(s.chip.receive(frame(100)));
    REQUIRE(s.receive() == 1);
    REQUIRE(s.into[0]->total() == 100);
    REQUIRE(s.chip.commands.empty());
}

TEST_CASE("a bridge's card is told to take every frame") {
    Running s;
    REQUIRE(s.chip.commands == std::vector<u16>{static_cast<u16>(Command::promiscuous),
                                                static_cast<u16>(Command::all_multicast)});
}

TEST_CASE("ND-3 a device that does not answer a command is not used") {
    Setup s;
    s.chip.answers = false;
    REQUIRE(s.start() == Errno::timedout);
}

TEST_CASE("several pairs of queues work side by side") {
    Setup s;
    s.chip.offers |= feature_mq;
    s.chip.pairs = 4;
    REQUIRE(s.start(2) == Errno{});
    REQUIRE(s.card->queues() == 2);
    REQUIRE(s.chip.commands.back() == static_cast<u16>(Command::set_pairs));
    REQUIRE((s.chip.enabled(2) && s.chip.enabled(3) && s.chip.enabled(8) && !s.chip.enabled(4)));
    REQUIRE(s.chip.receive(frame(100), {}, 2));
    REQUIRE(s.receive() == 0);
    REQUIRE(s.card->receive(1, s.into) == 1);
    std::array<PacketRef, 1> out{s.packet(60)};
    REQUIRE(s.card->transmit(1, out) == 1);
    REQUIRE(s.chip.sent.size() == 1);
}

TEST_CASE("the header before a frame is not part of it, and the buffer is whole when it is used again") {
    Running s;
    for (unsigned i = 0; i < 3000; ++i) {
        REQUIRE(s.chip.receive(frame(100)));
        REQUIRE(s.receive() == 1);
        REQUIRE(s.into[0]->data[0] == std::byte{0x55});
        REQUIRE(s.into[0]->length == 100);
        REQUIRE(offset_in_page(s.into[0]->at) == sizeof(Header));
        s.into[0].reset();
        auto const again = s.pool->take();
        REQUIRE(offset_in_page(again->at) == 0);
    }
    REQUIRE(s.pool->free() == s.idle);
}

TEST_CASE("a large frame comes whole, in as many buffers as it needs, and says how to cut it") {
    Running s;
    REQUIRE(s.chip.receive(frame(60'000), large));
    REQUIRE(s.receive() == 1);
    Packet const& packet = *s.into[0];
    REQUIRE(packet.total() == 60'000);
    REQUIRE(packet.buffers() == 15);
    REQUIRE(packet.checksum == Checksum::blank);
    REQUIRE(packet.segment_bytes == 1448);
    s.into[0].reset();
    REQUIRE(s.pool->free() == s.idle);
}

TEST_CASE("what the device says of the checksum is taken over") {
    Running s;
    REQUIRE(s.chip.receive(frame(100), blank));
    REQUIRE(s.chip.receive(frame(100), {.flags = data_valid}));
    REQUIRE(s.chip.receive(frame(100)));
    REQUIRE(s.receive() == 3);
    REQUIRE(s.into[0]->checksum == Checksum::blank);
    REQUIRE_FALSE(s.into[0]->is_large());
    REQUIRE(s.into[1]->checksum == Checksum::valid);
    REQUIRE(s.into[2]->checksum == Checksum::unknown);
}

TEST_CASE("ND-1 frames that are too short, too long, or of a kind that was not agreed on are dropped") {
    Running s;
    REQUIRE(s.chip.receive(frame(13)));
    REQUIRE(s.chip.receive(frame(1519)));
    REQUIRE(s.chip.receive(frame(100), {.kind = kind_tcp4, .segment_bytes = 10}));  // nothing blank
    REQUIRE(s.chip.receive(frame(100), {.flags = needs_checksum, .kind = kind_tcp4}));
    REQUIRE(s.chip.receive(frame(100), {.flags = needs_checksum, .kind = 3, .segment_bytes = 10}));
    REQUIRE(s.receive() == 0);
    REQUIRE(s.card->counters().rx_bad == 5);
    REQUIRE(s.pool->free() == s.idle);
    REQUIRE(s.chip.receive(frame(1518)));
    REQUIRE(s.receive() == 1);
}

TEST_CASE("ND-1 lengths beyond a buffer, and buffers that are not full before the end, are dropped") {
    Running s;
    REQUIRE(s.chip.receive(frame(100), {.buffers = 2}));
    REQUIRE(s.chip.receive(frame(100)));
    REQUIRE(s.receive() == 0);
    REQUIRE(s.card->counters().rx_bad == 1);
    s.chip.give_back(0, 5, 5000);
    REQUIRE(s.receive() == 0);
    REQUIRE(s.card->counters().rx_bad == 2);
    REQUIRE(s.pool->free() == s.idle);
}

TEST_CASE("ND-1 a device that returns what it was not given is reset, and works again") {
    for (u32 id : {0U, 256U, ~0U}) {
        Running s;
        std::array<PacketRef, 1> out{s.packet(60)};
        s.chip.sends = false;
        REQUIRE(s.card->transmit(0, out) == 1);
        if (id == 0)
            s.chip.give_back(1, 1, 0);  // a part of the chain, not its head
        else
            s.chip.give_back(0, id, 100);
        REQUIRE(s.receive() == 0);
        s.tick();
        REQUIRE(s.card->counters().resets == 1);
        REQUIRE(s.pool->free() == s.idle);
        REQUIRE(s.chip.receive(frame(100)));
        REQUIRE(s.receive() == 1);
    }
}

TEST_CASE("ND-1 a header with an impossible number of buffers resets the device") {
    for (u16 buffers : {u16{17}, u16{0xffff}}) {
        Running s;
        REQUIRE(s.chip.receive(frame(100), {.buffers = buffers}));
        REQUIRE(s.receive() == 0);
        s.tick();
        REQUIRE(s.card->counters().resets == 1);
        REQUIRE(s.pool->free() == s.idle);
    }
}

TEST_CASE("ND-1 a device that says all has come back gets one lap") {
    Running s;
    for (u32 i = 0; i < 256; ++i)
        s.chip.give_back(0, i, 0);
    for (unsigned i = 0; i < 20; ++i)
        s.receive();
    REQUIRE(s.card->counters().rx_packets == 0);
    REQUIRE(s.pool->free() == s.idle);
}

TEST_CASE("ND-1 whatever a device returns, what is handed on is a frame and no buffer is lost") {
    rc::prop("any returns", [] {
        auto const one_of_many = [](u32 many) { return *rc::gen::inRange(u32{0}, many) == 0; };
        Setup s;
        RC_ASSERT(s.start() == Errno{});
        for (u32 steps = *rc::gen::inRange(0U, 40U); steps != 0; --steps) {
            s.chip.exaggerates = one_of_many(4) ? *rc::gen::inRange(0U, 70'000U) : 0;
            if (one_of_many(8))
                s.chip.give_back(one_of_many(2) ? 1 : 0, *rc::gen::inRange(0U, 300U), 100);
            else
                s.chip.receive(
                    frame(*rc::gen::inRange(0U, 10'000U)),
                    {.flags = *rc::gen::element(u8{0}, needs_checksum, data_valid),
                     .kind = *rc::gen::element(kind_one, kind_tcp4, kind_tcp6, u8{3}),
                     .segment_bytes = *rc::gen::element(u16{0}, u16{1448}),
                     .buffers = *rc::gen::weightedElement<u16>({{8, 0}, {1, 1}, {1, 2}, {1, 16}, {1, 17}})});
            check_frames(std::span{s.into}.first(s.receive()));
            if (one_of_many(8))
                s.tick();
        }
        s.card.reset();
        RC_ASSERT(s.pool->free() == s.pool->size());
    });
}

TEST_CASE("ND-3 a device that asks for a reset gets one") {
    Running s;
    s.chip.needs_reset = virtio::DeviceStatus::NEEDS_RESET::of(1).raw;
    s.tick();
    REQUIRE(s.card->counters().resets == 1);
    REQUIRE(s.chip.receive(frame(100)));
    REQUIRE(s.receive() == 1);
}

TEST_CASE("the device is told where a blank checksum goes and how to cut a large packet") {
    Running s;
    std::array<PacketRef, 2> out{s.packet(100), s.packet(4096)};
    out[0]->checksum = Checksum::blank;
    out[0]->layers = {14, 20, 8, Network::ipv4, Transport::udp};
    out[1]->append(s.packet(904));
    out[1]->checksum = Checksum::blank;
    out[1]->layers = {14, 40, 32, Network::ipv6, Transport::tcp};
    out[1]->segment_bytes = 1428;
    out[1]->data[54 + 13] = std::byte{0x80};  // the window was reduced
    REQUIRE(s.card->transmit(0, out) == 2);
    Header const& small = s.chip.headers.at(0);
    REQUIRE((small.flags == needs_checksum && small.kind == kind_one));
    REQUIRE((small.checksum_start == 34 && small.checksum_offset == 6));
    Header const& cut = s.chip.headers.at(1);
    REQUIRE(cut.kind == (kind_tcp6 | kind_ecn));
    REQUIRE((cut.segment_bytes == 1428 && cut.header_bytes == 86 && cut.checksum_offset == 16));
    REQUIRE(s.chip.sent[1].size() == 5000);
}

TEST_CASE("ND-4 an interrupt switches itself off, with and without event indices") {
    for (u64 without : {u64{0}, virtio::event_index}) {
        Setup s;
        s.chip.offers &= ~without;
        REQUIRE(s.start() == Errno{});
        REQUIRE(s.chip.receive(frame(100)));
        REQUIRE(s.chip.interrupts.empty());
        REQUIRE(s.receive() == 1);
        REQUIRE_FALSE(s.card->arm(0));
        REQUIRE(s.chip.receive(frame(100)));
        REQUIRE(s.chip.interrupts.size() == 1);
        REQUIRE(s.receive() == 1);
        REQUIRE(s.chip.receive(frame(100)));
        REQUIRE(s.chip.interrupts.size() == 1);
    }
}

TEST_CASE("ND-4 who armed the interrupt hears once that something was sent") {
    Running s;
    s.chip.sends = false;
    REQUIRE_FALSE(s.card->arm(0));
    for (unsigned i = 0; i < 2; ++i) {
        std::array<PacketRef, 1> out{s.packet(60)};
        REQUIRE(s.card->transmit(0, out) == 1);
        s.chip.transmit();
        REQUIRE(s.chip.interrupts.size() == 1);
    }
}

TEST_CASE("ND-1 what comes back after all was taken back is not believed") {
    Running s;
    s.chip.vanished = true;
    s.tick();
    s.chip.vanished = false;
    s.chip.give_back(0, 0, 100);  // it never heard of a reset
    s.card.reset();
    REQUIRE(s.pool->free() == s.pool->size());
}
