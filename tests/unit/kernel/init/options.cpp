// SPDX-License-Identifier: MIT
#include "kernel/init/options.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <string>
#include <vector>

namespace {

using namespace init;

constexpr u64 mib = u64{1} << 20;

std::vector<std::string> complaints;

Options parse(std::string_view line) {
    complaints.clear();
    return parse_options(line, [](std::string_view s) { complaints.emplace_back(s); });
}

u64 bytes_of(std::string_view text, u64 total = 1000 * mib) {
    auto const amount = parse_amount(text);
    REQUIRE(amount);
    return amount->of(total);
}

}  // namespace

TEST_CASE("sizes have units, percentages and what is to be left") {
    CHECK(bytes_of("64M") == 64 * mib);
    CHECK(bytes_of("0x10m") == 16 * mib);
    CHECK(bytes_of("1048576B") == mib);
    CHECK(bytes_of("2048") == 2 * mib);
    CHECK(bytes_of("25%") == 250 * mib);
    CHECK(bytes_of("-100M") == 900 * mib);
    CHECK(bytes_of("-2G") == 0);
    CHECK(bytes_of("5G") == 1000 * mib);
}

TEST_CASE("HC-8 sizes that are none are refused") {
    for (auto const* const s :
         {"", "M", "12X", "1.5G", "101%", "%", "-", "99999999999999999999", "0xffffffffffffffffG"})
        CHECK_FALSE(parse_amount(s));
}

TEST_CASE("dom0_mem has a size, a minimum and a maximum in any order") {
    auto const o = parse("dom0_mem=min:64M,256M,max:50%");
    CHECK(complaints.empty());
    CHECK(o.dom0_memory.size->of(1000 * mib) == 256 * mib);
    CHECK(o.dom0_memory.min->of(1000 * mib) == 64 * mib);
    CHECK(o.dom0_memory.max->of(1000 * mib) == 500 * mib);
}

TEST_CASE("known options are taken without a word") {
    auto const o = parse("  dom0_max_vcpus=2 noreboot  gnttab_max_frames=32 console=com1 com1=115200,8n1");
    CHECK(complaints.empty());
    CHECK(o.dom0_vcpus.of(8) == 2);
    CHECK_FALSE(o.dom0_vcpus_pin);
    CHECK(o.noreboot);
    CHECK(o.gnttab_max_frames == 32);
    CHECK_FALSE(parse("noreboot=0").noreboot);
    CHECK_FALSE(parse("").faults);
    CHECK(parse("faults=on").faults);
}

TEST_CASE("dom0_max_vcpus is a number, or what there may be at least and at most") {
    auto const vcpus = [](char const* text, u32 cpus) { return parse_dom0_vcpus(text)->of(cpus); };
    CHECK(vcpus("2", 1) == 2);
    CHECK(vcpus("2", 8) == 2);
    CHECK(vcpus("2-4", 1) == 2);
    CHECK(vcpus("2-4", 3) == 3);
    CHECK(vcpus("2-4", 8) == 4);
    CHECK(vcpus("2-", 8) == 8);
    CHECK(vcpus("-4", 8) == 4);
    for (auto const* const s : {"", "0", "-", "-0", "4-2", "0-2", "2-4-6", "many", "--"})
        CHECK_FALSE(parse_dom0_vcpus(s));
}

TEST_CASE("an option may be wished for or not") {
    for (auto const* const s : {"dom0_vcpus_pin", "dom0_vcpus_pin=yes", "dom0_vcpus_pin=1"})
        CHECK(parse(s).dom0_vcpus_pin);
    for (auto const* const s : {"dom0_vcpus_pin=0", "dom0_vcpus_pin=off"})
        CHECK_FALSE(parse(s).dom0_vcpus_pin);
    CHECK(complaints.empty());
    CHECK_FALSE(parse("dom0_vcpus_pin=perhaps").dom0_vcpus_pin);
    CHECK(complaints.size() == 1);
}

TEST_CASE("an option of Xen without effect here is named") {
    parse("watchdog iommu=off");
    CHECK(complaints ==
          std::vector<std::string>{"command line: 'watchdog' is known, but has no effect here",
                                   "command line: 'iommu=off' is known, but has no effect here"});
}

TEST_CASE("an unknown option and a senseless value are named") {
    auto const o = parse("dom0_memory=1G dom0_mem=lots dom0_max_vcpus=two");
    CHECK(complaints ==
          std::vector<std::string>{
              "command line: 'dom0_memory=1G' is not an option",
              "command line: 'dom0_mem=lots' has a value that makes no sense, and is ignored",
              "command line: 'dom0_max_vcpus=two' has a value that makes no sense, and is ignored"});
    CHECK_FALSE(o.dom0_memory.size);
    CHECK(o.dom0_vcpus.of(8) == 8);
}

TEST_CASE("any command line is read to its end") {
    rc::prop("any text", [](std::string const& s) { parse(s); });
}
