// SPDX-License-Identifier: MIT
// Pages of a guest at a card: in order, with refusals between, and taken back.
#include "dom0/net/netback/card_rx.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstring>

#include "drivers/io/dma.hpp"
#include "drivers/net/pool.hpp"
#include "tests/host/net/card.hpp"
#include "tests/host/net/device_maps.hpp"
#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

constexpr nic::Mac station{{0x00, 0x16, 0x3e, 0, 0, 1}};
constexpr u32 declared_pages = 100;
constexpr u32 first_undeclared = 1000;
constexpr u32 undeclared_pages = 256;

// Declared pages that a card can reach; page N by reference N.
class CardBlock final : public GrantBlock {
  public:
    explicit CardBlock(u32 pages) : memory_{*io::DmaMemory::allocate(pages * page_size)} {}
    [[nodiscard]] std::byte* page(u32 index) const override {
        return memory_.bytes().data() + index * page_size;
    }
    [[nodiscard]] Maddr machine(u32 index) const override { return memory_.maddr() + index * page_size; }
    void drop(u32) override {}

  private:
    io::DmaMemory memory_;
};

// Pages of ours, by place in the ring.
class OurPages final : public BackendPages {
  public:
    OurPages() {
        for (u32 place = 0; place < count; ++place)
            pages_[place] = {GrantRef{place}, memory_.machine(place)};
    }
    [[nodiscard]] std::byte last_byte(u32 place, usize bytes = 200) const {
        return memory_.page(place)[bytes - 1];
    }
    void lose() override { ++lost; }

    u32 lost = 0;

  private:
    CardBlock memory_{count};
};

std::weak_ptr<CardBlock> last_block;

Result<std::shared_ptr<GrantBlock>> map_for_card(DomId, std::span<GrantRef const> refs, bool) {
    auto block = std::make_shared<CardBlock>(static_cast<u32>(refs.size()));
    last_block = block;
    return block;
}

struct Setup {
    guest::RxRing page;
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(64));
    devices::Card card{*pool};
    std::unique_ptr<nic::OwnQueue> queue = std::move(*card.own_queue({station}, [] {}));
    Counters counters;
    StaticGrants pages{DomId{7}, map_for_card};
    DeviceMaps others{DomId{7}, guest::device_calls};
    CardPages lent{pages, others};
    CardRx::Ring ring{page.bytes.data()};
    CardRx rx{ring, lent, *queue, counters};

    Setup() {
        guest::grant_to_devices(first_undeclared, undeclared_pages);
        std::vector<GrantRef> refs;
        for (u32 ref = 0; ref < declared_pages; ++ref)
            refs.push_back(GrantRef{ref});
        REQUIRE(pages.add(refs, true));
        queue->steer();
    }
    void post(u32 ref) {
        page.request({.id = static_cast<u16>(page.indexes().req_prod), .pad = 0, .gref = ref});
    }
    void arrive(u8 mark, usize bytes = 200) {
        std::vector<std::byte> frame(bytes, std::byte{mark});
        std::ranges::copy(std::as_bytes(std::span{station.octets}), frame.begin());
        std::fill_n(frame.begin() + 6, 6, std::byte{2});
        card.wire(frame);
    }
    std::byte last_byte(u32 ref, usize bytes = 200) { return pages.find(GrantRef{ref})->at[bytes - 1]; }
};

}  // namespace

TEST_CASE("new pages are with the card before what it filled is answered") {
    Setup s;
    s.post(0);
    REQUIRE_FALSE(*s.rx.flush());
    s.arrive(1);
    s.post(1);
    REQUIRE(s.rx.post());
    REQUIRE(s.rx.with_card() == 2);
    REQUIRE(s.page.responses().empty());
    s.arrive(2);
    REQUIRE(*s.rx.flush());
    REQUIRE(s.page.responses().size() == 2);
    REQUIRE(s.last_byte(1) == std::byte{2});
}

TEST_CASE("the card fills the pages of the guest in the order of its ring") {
    Setup s;
    for (u32 ref = 0; ref < 10; ++ref)
        s.post(ref);
    REQUIRE_FALSE(*s.rx.flush());
    s.arrive(1);
    s.arrive(2);
    REQUIRE(*s.rx.flush());
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 2);
    for (u16 i = 0; i < 2; ++i) {
        REQUIRE(responses[i].id == i);
        REQUIRE(responses[i].status == 200);
        REQUIRE(s.last_byte(i) == std::byte{static_cast<u8>(i + 1)});
    }
    REQUIRE(s.counters.rx_packets == 2);
    REQUIRE(s.rx.with_card() == 8);
}

TEST_CASE("NB-07 a page that is neither declared nor granted is refused in its turn") {
    Setup s;
    for (u32 const ref : {500U, 1U, 600U, 2U})
        s.post(ref);
    REQUIRE(*s.rx.flush());
    REQUIRE(s.page.responses().size() == 1);
    s.arrive(1);
    s.arrive(2);
    REQUIRE(s.rx.flush());
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 3);
    REQUIRE(responses[0].status == 200);
    REQUIRE(responses[1].status == NETIF_RSP_ERROR);
    REQUIRE(responses[2].status == 200);
    REQUIRE(s.counters.dropped(Drop::grant_refused) == 2);
}

TEST_CASE("pages that are not declared are mapped for the card, a batch at a time") {
    Setup s;
    for (u32 i = 0; i < CardPages::batch; ++i)
        s.post(first_undeclared + i);
    REQUIRE_FALSE(*s.rx.flush());
    REQUIRE(guest::map_calls == 1);
    REQUIRE(guest::device_mapped.size() == CardPages::batch);
    s.arrive(5);
    REQUIRE(*s.rx.flush());
    REQUIRE(s.page.responses().size() == 1);
    REQUIRE(guest::device_pages.at(first_undeclared).bytes()[199] == std::byte{5});
}

TEST_CASE("a page is unmapped before the guest hears of it") {
    Setup s;
    s.post(first_undeclared);
    s.post(first_undeclared + 1);
    REQUIRE(s.rx.flush());
    s.arrive(1);
    REQUIRE(s.rx.drain());
    REQUIRE(s.page.responses().size() == 1);
    REQUIRE(guest::device_mapped.size() == 1);
    REQUIRE(guest::device_mapped.begin()->second == first_undeclared + 1);
}

TEST_CASE("declared and other pages keep their order") {
    Setup s;
    for (u32 const ref : {first_undeclared, 1U, 9999U, first_undeclared + 1, 2U})
        s.post(ref);
    REQUIRE(s.rx.flush());
    for (u8 mark = 1; mark <= 4; ++mark)
        s.arrive(mark);
    REQUIRE(s.rx.flush());
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 5);
    for (u16 i = 0; i < 5; ++i) {
        REQUIRE(responses[i].id == i);
        REQUIRE(responses[i].status == (i == 2 ? NETIF_RSP_ERROR : 200));
    }
    REQUIRE(s.last_byte(2) == std::byte{4});
    REQUIRE(guest::device_mapped.empty());
}

TEST_CASE("a page posted many times at once is mapped as often") {
    Setup s;
    for (int i = 0; i < 3; ++i)
        s.post(first_undeclared);
    REQUIRE(s.rx.flush());
    REQUIRE(guest::device_mapped.size() == 3);
    static_cast<void>(s.rx.finish(s.queue->retire()));
    REQUIRE(guest::device_mapped.empty());
    REQUIRE(*s.ring.pending() == 3);
}

TEST_CASE("NB-10 pages mapped for a card that does not stop stay mapped") {
    {
        Setup s;
        s.post(first_undeclared);
        REQUIRE(s.rx.flush());
        static_cast<void>(s.rx.finish(Fail{Errno::timedout}));
        REQUIRE(s.page.responses()[0].status == NETIF_RSP_ERROR);
    }
    REQUIRE(guest::device_mapped.size() == 1);
}

TEST_CASE("a page with the card cannot be taken back, and one that came back can") {
    Setup s;
    s.post(1);
    s.post(2);
    REQUIRE(s.rx.flush());
    REQUIRE_FALSE(s.pages.remove(GrantRef{1}));
    s.arrive(1);
    REQUIRE(*s.rx.flush());
    REQUIRE(s.pages.remove(GrantRef{1}));
    REQUIRE_FALSE(s.pages.remove(GrantRef{2}));
}

TEST_CASE("what the card has not filled is on the ring again afterwards") {
    Setup s;
    for (u32 ref = 0; ref < 5; ++ref)
        s.post(ref);
    REQUIRE(s.rx.flush());
    s.arrive(1);
    auto const unfilled = s.queue->retire();
    REQUIRE(*unfilled == 4);
    static_cast<void>(s.rx.finish(unfilled));
    REQUIRE(s.page.responses().size() == 1);
    REQUIRE(*s.ring.pending() == 4);
    for (u32 ref = 0; ref < 5; ++ref)
        REQUIRE(s.pages.remove(GrantRef{ref}));
}

TEST_CASE("NB-10 pages of a card that does not stop stay mapped for ever") {
    {
        Setup s;
        s.post(1);
        REQUIRE(s.rx.flush());
        static_cast<void>(s.rx.finish(Fail{Errno::timedout}));
        REQUIRE(s.page.responses()[0].status == NETIF_RSP_ERROR);
        REQUIRE_FALSE(s.pages.remove(GrantRef{1}));
    }
    REQUIRE_FALSE(last_block.expired());
}

TEST_CASE("the card fills pages of ours where the guest reads them, and the responses say so") {
    Setup s;
    auto const ours = std::make_shared<OurPages>();
    s.lent.use(ours);
    for (u32 const posted : {1U, 9999U, 1U})
        s.post(posted);
    REQUIRE_FALSE(*s.rx.flush());
    for (u8 mark = 1; mark <= 3; ++mark)
        s.arrive(mark);
    REQUIRE(*s.rx.flush());
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 3);
    for (u16 place = 0; place < 3; ++place) {
        REQUIRE(responses[place].id == place);
        REQUIRE((responses[place].flags & backend_pages::is_here) != 0);
        REQUIRE(ours->last_byte(place) == std::byte{static_cast<u8>(place + 1)});
    }
    REQUIRE(s.pages.remove(GrantRef{1}));
    REQUIRE(guest::device_mapped.empty());
}

TEST_CASE("NB-06 a page of ours is filled again only when its place is posted again") {
    Setup s;
    auto const ours = std::make_shared<OurPages>();
    s.lent.use(ours);
    u8 mark = 0;
    for (u32 round = 0; round < 3; ++round) {
        for (u32 i = 0; i < BackendPages::count; ++i)
            s.post(1);
        REQUIRE(s.rx.flush());
        for (u32 place = 0; place < BackendPages::count; ++place) {
            s.arrive(++mark);
            REQUIRE(s.rx.flush());
            REQUIRE(ours->last_byte(place) == std::byte{mark});
        }
        auto const first = ours->last_byte(0);
        s.arrive(++mark);
        REQUIRE(s.rx.flush());
        REQUIRE(ours->last_byte(0) == first);
        REQUIRE(s.page.responses().size() == BackendPages::count);
    }
}

TEST_CASE("pages posted and pages of ours take turns without one being lost") {
    Setup s;
    auto const ours = std::make_shared<OurPages>();
    for (u32 ref = 0; ref < 4; ++ref)
        s.post(ref);
    s.lent.use(ours);
    REQUIRE(s.rx.flush());
    s.arrive(1);
    static_cast<void>(s.rx.finish(s.queue->retire()));
    REQUIRE(*s.ring.pending() == 3);
    s.lent.use(nullptr);
    s.queue.reset();
    s.queue = std::move(*s.card.own_queue({station}, [] {}));
    CardRx again{s.ring, s.lent, *s.queue, s.counters};
    s.queue->steer();
    REQUIRE_FALSE(*again.flush());
    s.arrive(2);
    REQUIRE(again.flush());
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 2);
    REQUIRE((responses[0].flags & backend_pages::is_here) != 0);
    REQUIRE((responses[1].flags & backend_pages::is_here) == 0);
    REQUIRE(s.last_byte(1) == std::byte{2});
}

TEST_CASE("NB-10 pages of ours are lost with a card that does not stop") {
    Setup s;
    auto const ours = std::make_shared<OurPages>();
    s.lent.use(ours);
    s.post(1);
    REQUIRE(s.rx.flush());
    static_cast<void>(s.rx.finish(Fail{Errno::timedout}));
    REQUIRE(s.page.responses()[0].status == NETIF_RSP_ERROR);
    REQUIRE(ours->lost == 1);
}

TEST_CASE("a guest is asked to tell of new pages when the card has few") {
    Setup s;
    s.post(1);
    REQUIRE(s.rx.flush());
    REQUIRE_FALSE(*s.rx.arm());
    REQUIRE(s.page.indexes().req_event == 2);
    s.post(2);
    REQUIRE(*s.rx.arm());
}

TEST_CASE("NB-01 a producer beyond the ring ends the service") {
    Setup s;
    s.page.indexes().req_prod = 1000;
    REQUIRE(s.rx.flush().error() == Errno::range);
}
