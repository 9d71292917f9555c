// SPDX-License-Identifier: MIT
// A split virtqueue against a device that returns chains in any order.
#include "drivers/virtio/split_ring.hpp"

#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <deque>

#include "tests/host/net/devices.hpp"

namespace {

constexpr u16 places = 8;

struct Setup {
    virtio::SplitRing ring = *virtio::SplitRing::create(places);
    u16 returned = 0;

    explicit Setup(bool by_index = true) { ring.clear(by_index); }

    template <class T>
    T& at(Maddr address) {
        return *reinterpret_cast<T*>(devices::dma_bytes(address, sizeof(T)));
    }
    u16 add(usize pieces) {
        u16 const head = ring.next_head();
        ring.add(std::vector<virtio::Piece>(pieces, {Maddr{0x1000}, 16, false}));
        return head;
    }
    void give_back(u32 head) {
        at<virtio::UsedElement>(ring.used() + 4 + sizeof(virtio::UsedElement) * (returned % places)) = {head,
                                                                                                        0};
        at<u16>(ring.used() + 2) = ++returned;
    }
    // As the device sees it, by its own walk.
    usize chain_length(u16 head) {
        for (usize count = 1;; ++count) {
            auto const& d = at<virtio::Descriptor>(ring.descriptors() + head * sizeof(virtio::Descriptor));
            if ((d.flags & virtio::flag_next) == 0)
                return count;
            head = d.next;
        }
    }
    u16& wants_telling_of() { return at<u16>(ring.used() + 4 + sizeof(virtio::UsedElement) * places); }
};

}  // namespace

TEST_CASE("chains of any length that come back in any order never share a descriptor or lose one") {
    rc::prop("any order", [](std::vector<u8> const& steps) {
        Setup s;
        std::deque<std::pair<u16, usize>> out;
        usize held = 0;
        for (u8 step : steps) {
            usize const pieces = 1 + step % 4;
            if (step % 2 == 0 && s.ring.room() >= pieces) {
                u16 const head = s.add(pieces);
                RC_ASSERT(s.chain_length(head) == pieces);
                out.emplace_back(head, pieces);
                held += pieces;
            } else if (!out.empty()) {
                auto const chosen = out.begin() + step % static_cast<int>(out.size());
                s.give_back(chosen->first);
                RC_ASSERT(s.ring.take()->head == chosen->first);
                held -= chosen->second;
                out.erase(chosen);
            }
            RC_ASSERT(s.ring.room() == places - held);
            for (auto const& [head, length] : out)
                RC_ASSERT(s.chain_length(head) == length);
        }
        RC_ASSERT(!s.ring.broken());
    });
}

TEST_CASE("ND-1 whatever comes back that is not out breaks the ring and gives nothing") {
    rc::prop("any id", [](u32 id) {
        Setup s;
        u16 const head = s.add(3);
        RC_PRE(id != head);
        s.give_back(id);
        RC_ASSERT(!s.ring.take());
        RC_ASSERT(s.ring.broken());
        s.give_back(head);
        RC_ASSERT(!s.ring.take());
    });
}

TEST_CASE("ND-1 a chain comes back once") {
    Setup s;
    u16 const head = s.add(1);
    s.give_back(head);
    s.give_back(head);
    REQUIRE(s.ring.take());
    REQUIRE_FALSE(s.ring.take());
    REQUIRE(s.ring.broken());
}

TEST_CASE("the device is told only of what it asked to be told of") {
    Setup s;
    s.add(1);
    REQUIRE(s.ring.publish());  // it asked for the first
    s.add(1);
    REQUIRE_FALSE(s.ring.publish());
    s.wants_telling_of() = 3;
    s.add(1);
    REQUIRE_FALSE(s.ring.publish());
    s.add(1);
    REQUIRE(s.ring.publish());
    REQUIRE_FALSE(s.ring.publish());  // nothing new
}

TEST_CASE("ND-4 what came back before asking is told by asking") {
    for (bool by_index : {false, true}) {
        Setup s{by_index};
        u16 const head = s.add(1);
        REQUIRE_FALSE(s.ring.ask());
        s.give_back(head);
        REQUIRE(s.ring.ask());
    }
}
