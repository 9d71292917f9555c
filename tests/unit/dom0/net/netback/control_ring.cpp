// SPDX-License-Identifier: MIT
// Requests of a control ring, honest and otherwise.
#include "dom0/net/netback/control_ring.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstring>

#include "dom0/net/netback/grant_copies.hpp"
#include "drivers/net/pool.hpp"
#include "kernel/abi/backend_pages.hpp"
#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

constexpr u32 list_ref = 1;

struct Setup {
    guest::RingPage<xen_netif_ctrl_request, xen_netif_ctrl_response, 128> page;
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(4));
    GrantCopies copies{{DomId{7}, guest::copy}};
    StaticGrants declared{DomId{7}, guest::map};
    ControlRing ring{page.bytes.data(), copies, pool->take(), {&declared}};

    Setup() {
        guest::pages.clear();
        guest::failing.clear();
        guest::mapped.clear();
        for (u32 ref = 1; ref <= 20; ++ref)
            guest::pages[ref] = {};
    }
    void list(std::vector<xen_netif_gref> const& entries) {
        std::memcpy(guest::pages[list_ref].data(), entries.data(), entries.size() * sizeof entries[0]);
    }
    xen_netif_gref entry(u32 index) {
        xen_netif_gref entry;
        std::memcpy(&entry, guest::pages[list_ref].data() + index * sizeof entry, sizeof entry);
        return entry;
    }
    xen_netif_ctrl_response ask(u16 type, u32 queue, u32 ref = list_ref, u32 entries = 0) {
        page.request({.id = 9, .type = type, .data = {queue, ref, entries}});
        REQUIRE(ring.serve());
        auto const responses = page.responses();
        REQUIRE(responses.size() == 1);
        REQUIRE(responses[0].id == 9);
        REQUIRE(responses[0].type == type);
        return responses[0];
    }
};

class OurPages final : public BackendPages {
  public:
    OurPages() {
        for (u32 place = 0; place < count; ++place)
            pages_[place].ref = GrantRef{1000 + place};
    }
    void lose() override {}
};

constexpr u16 add = XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING;
constexpr u16 del = XEN_NETIF_CTRL_TYPE_DEL_GREF_MAPPING;

}  // namespace

TEST_CASE("a guest declares pages and takes some back") {
    Setup s;
    REQUIRE(s.ask(XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE, 0).data == StaticGrants::most_pages);
    s.list({{3, 0, 7}, {4, XEN_NETIF_CTRLF_GREF_readonly, 7}, {5, 0, 7}});
    REQUIRE(s.ask(add, 0, list_ref, 3).status == XEN_NETIF_CTRL_STATUS_SUCCESS);
    REQUIRE(s.declared.find(GrantRef{3})->writable);
    REQUIRE_FALSE(s.declared.find(GrantRef{4})->writable);
    s.list({{4, 0, 7}, {9, 0, 7}});
    auto const removed = s.ask(del, 0, list_ref, 2);
    REQUIRE(removed.status == XEN_NETIF_CTRL_STATUS_SUCCESS);
    REQUIRE(removed.data == 1);
    REQUIRE(s.entry(0).status == XEN_NETIF_CTRL_STATUS_SUCCESS);
    REQUIRE(s.entry(1).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.declared.count() == 2);
}

TEST_CASE("a list of which one page cannot be mapped declares none") {
    Setup s;
    s.list({{3, 0, 0}, {900, XEN_NETIF_CTRLF_GREF_readonly, 0}});
    REQUIRE(s.ask(add, 0, list_ref, 2).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.declared.count() == 0);
    REQUIRE(guest::mapped.empty());
}

TEST_CASE("NB-01 requests that make no sense are refused") {
    Setup s;
    REQUIRE(s.ask(add, 1, list_ref, 1).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.ask(add, 0, list_ref, 0).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.ask(add, 0, list_ref, 513).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.ask(add, 0, 777, 3).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.ask(del, 0, 777, 3).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.ask(XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, 0).status == XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED);
    REQUIRE(s.ask(999, 0).status == XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED);
}

TEST_CASE("a guest lists pages of ours, by place in its ring, and says that it reads them") {
    Setup s;
    auto const ours = std::make_shared<OurPages>();
    s.ring.offer_pages([&] { return ours; });
    REQUIRE(s.ask(backend_pages::list, 0, list_ref, BackendPages::count).data == BackendPages::count);
    for (u32 place = 0; place < BackendPages::count; ++place) {
        REQUIRE(s.entry(place).ref == 1000 + place);
        REQUIRE(s.entry(place).flags == XEN_NETIF_CTRLF_GREF_readonly);
    }
    REQUIRE(s.ring.used_pages() == nullptr);
    REQUIRE(s.ask(backend_pages::use, 0).status == XEN_NETIF_CTRL_STATUS_SUCCESS);
    REQUIRE(s.ring.used_pages() == ours);
}

TEST_CASE("NB-01 pages of ours are not used before they are listed, nor listed where there are none") {
    Setup s;
    u32 const count = BackendPages::count;
    REQUIRE(s.ask(backend_pages::list, 0, list_ref, count).status == XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED);
    s.ring.offer_pages([]() -> std::shared_ptr<BackendPages> { return nullptr; });
    REQUIRE(s.ask(backend_pages::list, 0, list_ref, count).status == XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED);
    s.ring.offer_pages([] { return std::make_shared<OurPages>(); });
    for (u32 const entries : {0U, 1U, count - 1, count + 1, ~0U})
        REQUIRE(s.ask(backend_pages::list, 0, list_ref, entries).status ==
                XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.ask(backend_pages::list, 0, 777, count).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.ask(backend_pages::list, 1, list_ref, count).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.ask(backend_pages::use, 0).status == XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    REQUIRE(s.ring.used_pages() == nullptr);
}

TEST_CASE("NB-01 a producer beyond the control ring is an error, and a full ring takes many turns") {
    Setup s;
    for (u32 i = 0; i < 128; ++i)
        s.page.request({.id = 1, .type = 999, .data = {}});
    REQUIRE(s.ring.serve()->more);
    REQUIRE(s.page.responses().size() == ControlRing::batch);
    s.page.indexes().req_prod += 128;
    REQUIRE(s.ring.serve().error() == Errno::range);
}
