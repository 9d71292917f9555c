// SPDX-License-Identifier: MIT
// Mapping for devices by the batch, where some or all of it fails.
#include "dom0/net/netback/device_maps.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/host/net/device_maps.hpp"

using namespace netback;

namespace {

constexpr u32 first = 8;

struct Setup {
    DeviceMaps maps{DomId{7}, guest::device_calls};
    std::array<std::optional<DeviceMaps::Page>, DeviceMaps::batch> pages;

    Setup() { guest::grant_to_devices(first, DeviceMaps::batch); }
    void map(std::span<GrantRef const> refs) { maps.map(refs, DeviceMaps::Access::read_write, pages); }
};

}  // namespace

TEST_CASE("NB-07 of a batch only what the guest grants is mapped") {
    Setup s;
    std::array const refs{GrantRef{first}, GrantRef{9999}, GrantRef{first + 1}};
    s.map(refs);
    REQUIRE(s.pages[0]->at == guest::device_pages.at(first).maddr());
    REQUIRE_FALSE(s.pages[1]);
    REQUIRE(s.pages[2]->at == guest::device_pages.at(first + 1).maddr());
    REQUIRE(guest::map_calls == 1);
}

TEST_CASE("NB-07 a page of the batch before is not one of a batch that fails as a whole") {
    Setup s;
    std::array const refs{GrantRef{first}};
    s.map(refs);
    REQUIRE(s.pages[0]);
    DeviceMaps others{DomId{7},
                      {[](std::span<gnttab_map_grant_ref_t>) -> Result<> { return Fail{Errno::fault}; },
                       guest::unmap_for_devices}};
    others.map(refs, DeviceMaps::Access::read_only, s.pages);
    REQUIRE_FALSE(s.pages[0]);
}

TEST_CASE("pages leave together, and at the end at the latest") {
    {
        Setup s;
        std::array const refs{GrantRef{first}, GrantRef{first + 1}};
        s.map(refs);
        s.maps.unmap(*s.pages[0]);
        REQUIRE(guest::device_mapped.size() == 2);
        s.maps.flush();
        REQUIRE(guest::device_mapped.size() == 1);
        s.maps.unmap(*s.pages[1]);
    }
    REQUIRE(guest::device_mapped.empty());
}

TEST_CASE("more pages may leave than a batch has") {
    Setup s;
    std::array<GrantRef, DeviceMaps::batch> refs;
    for (u32 i = 0; i < refs.size(); ++i)
        refs[i] = GrantRef{first + i};
    s.map(refs);
    auto const before = s.pages;
    s.map(std::span{refs}.first(1));
    for (auto const& page : before)
        s.maps.unmap(*page);
    s.maps.unmap(*s.pages[0]);
    REQUIRE(guest::device_mapped.size() == 1);
    s.maps.flush();
    REQUIRE(guest::device_mapped.empty());
}
