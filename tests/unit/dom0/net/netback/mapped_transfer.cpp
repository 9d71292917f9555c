// SPDX-License-Identifier: MIT
// Declared pages are reached without a hypercall, all others as ever.
#include "dom0/net/netback/mapped_transfer.hpp"

#include <catch2/catch_test_macros.hpp>

#include "drivers/net/pool.hpp"
#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(8));
    GrantCopies copies{{DomId{7}, guest::copy}};
    StaticGrants declared{DomId{7}, guest::map};
    MappedTransfer transfer{declared, copies};
    nic::PacketRef packet = pool->take();

    Setup() {
        guest::pages.clear();
        guest::failing.clear();
        guest::batches = 0;
        for (u32 ref = 1; ref <= 20; ++ref)
            guest::pages[ref].fill(std::byte{static_cast<u8>(ref)});
        packet->data[0] = std::byte{0xaa};
        packet->length = 100;
        transfer.begin();
    }
    Result<> declare(std::vector<u32> const& refs, bool writable = true) {
        std::vector<GrantRef> all;
        for (u32 const ref : refs)
            all.push_back(GrantRef{ref});
        return declared.add(all, writable);
    }
};

}  // namespace

TEST_CASE("a declared page is written and read without a hypercall") {
    Setup s;
    REQUIRE(s.declare({3, 5}));
    s.transfer.to_guest(*s.packet, 0, {GrantRef{3}, 8}, 100, 0);
    s.transfer.from_guest({GrantRef{5}, 4000}, *s.packet, 96, 1);
    s.transfer.run();
    REQUIRE(guest::batches == 0);
    REQUIRE(s.transfer.complete(0));
    REQUIRE(s.transfer.complete(1));
    REQUIRE(guest::pages[3][8] == std::byte{0xaa});
    REQUIRE(s.packet->data[100] == std::byte{5});
}

TEST_CASE("pages that are not declared, or only for reading, are grant-copied") {
    Setup s;
    REQUIRE(s.declare({3}, false));
    s.transfer.to_guest(*s.packet, 0, {GrantRef{3}, 0}, 10, 0);
    s.transfer.to_guest(*s.packet, 0, {GrantRef{4}, 0}, 10, 1);
    guest::failing = {0};
    s.transfer.run();
    REQUIRE(guest::batches == 1);
    REQUIRE_FALSE(s.transfer.complete(0));
    REQUIRE(s.transfer.complete(1));
    REQUIRE(guest::pages[4][0] == std::byte{0xaa});
}

TEST_CASE("NB-04 a piece beyond a declared page is not the processor's to copy") {
    Setup s;
    REQUIRE(s.declare({3}));
    s.transfer.to_guest(*s.packet, 0, {GrantRef{3}, 4090}, 100, 0);
    s.transfer.run();
    REQUIRE_FALSE(s.transfer.complete(0));
}

TEST_CASE("a page taken back is unmapped and not reached any more") {
    Setup s;
    REQUIRE(s.declare({3, 5}));
    REQUIRE(s.declared.remove(GrantRef{3}));
    REQUIRE_FALSE(s.declared.remove(GrantRef{3}));
    REQUIRE(guest::mapped == std::set<std::byte const*>{guest::pages[5].data()});
    REQUIRE(s.declared.find(GrantRef{3}) == nullptr);
    REQUIRE(s.declare({3}));
    REQUIRE(s.declared.count() == 2);
}

TEST_CASE("pages are declared all or none, once, and no more than there is place for") {
    Setup s;
    REQUIRE(s.declare({2, 900}).error() == Errno::inval);
    REQUIRE(s.declare({2, 2}).error() == Errno::exist);
    REQUIRE(s.declare({StaticGrants::most_refs}).error() == Errno::inval);
    REQUIRE(s.declare({2}));
    REQUIRE(s.declare({1, 2}).error() == Errno::exist);
    REQUIRE(s.declared.count() == 1);
    REQUIRE(s.declare(std::vector<u32>(StaticGrants::most_pages, 4)).error() == Errno::nospc);
}
