// SPDX-License-Identifier: MIT
#include "arch/cpu/speculation.hpp"

#include <catch2/catch_test_macros.hpp>

using arch::Barriers;
using arch::choose_barriers;
using arch::speculation_wishes;
using arch::SpeculationFacts;

namespace {

template <class... N>
constexpr u64 bits(N... n) {
    return ((u64{1} << n) | ... | u64{0});
}
constexpr u32 word(u64 v) {
    return static_cast<u32>(v);
}

constexpr u32 rtm = word(bits(11));
constexpr u32 md_clear = word(bits(10)), ibrs_ibpb = word(bits(26)), stibp = word(bits(27));
constexpr u64 ibrs_all = bits(1), mds_no = bits(5), taa_no = bits(8), stale_no = bits(13, 14, 15),
              fb_clear = bits(17), rfds_no = bits(27), rfds_clear = bits(28);

constexpr SpeculationFacts nehalem{.intel = true};
constexpr SpeculationFacts skylake{
    .intel = true, .leaf7_b = rtm, .leaf7_d = md_clear | ibrs_ibpb | stibp, .arch_capabilities = 0};
constexpr SpeculationFacts cascade_lake{.intel = true,
                                        .leaf7_b = rtm,
                                        .leaf7_d = md_clear | ibrs_ibpb | stibp,
                                        .arch_capabilities = ibrs_all | mds_no};
constexpr SpeculationFacts ice_lake{.intel = true,
                                    .leaf7_d = md_clear | ibrs_ibpb | stibp,
                                    .arch_capabilities = ibrs_all | mds_no | taa_no | fb_clear};
constexpr SpeculationFacts alder_lake{
    .intel = true,
    .leaf7_d = md_clear | ibrs_ibpb | stibp,
    .arch_capabilities = ibrs_all | mds_no | taa_no | stale_no | rfds_clear};
constexpr SpeculationFacts sapphire_rapids{
    .intel = true,
    .leaf7_b = rtm,
    .leaf7_d = md_clear | ibrs_ibpb | stibp,
    .arch_capabilities = ibrs_all | mds_no | taa_no | stale_no | rfds_no};
constexpr SpeculationFacts zen2{.amd = true, .ext8_b = word(bits(12, 14, 15))};
constexpr SpeculationFacts zen4{
    .amd = true, .ext8_b = word(bits(12, 14, 15)), .ext21_a = word(bits(5, 8)), .ext21_c = 0};
constexpr SpeculationFacts zen5{
    .amd = true, .ext8_b = word(bits(12, 14, 15)), .ext21_a = word(bits(5, 8)), .ext21_c = word(bits(1, 2))};
constexpr SpeculationFacts unknown{};

Barriers of(SpeculationFacts const& f, std::string_view command_line = "") {
    return choose_barriers(f, speculation_wishes(command_line));
}

}  // namespace

TEST_CASE("SP-E branches are forgotten between vcpus wherever the processor can") {
    for (auto const& f : {skylake, cascade_lake, ice_lake, alder_lake, sapphire_rapids, zen2, zen4, zen5})
        CHECK((of(f).ibpb && !of(f).guests_are_steered));
    for (auto const& f : {nehalem, unknown})
        CHECK((!of(f).ibpb && of(f).guests_are_steered));
}

TEST_CASE("SP-D predictions of guests are kept from the hypervisor where one setting does it for good") {
    for (auto const& f : {cascade_lake, ice_lake, alder_lake, sapphire_rapids})
        CHECK((of(f).spec_ctrl == 3 && !of(f).auto_ibrs && !of(f).ring0_is_steered));
    for (auto const& f : {zen4, zen5})
        CHECK((of(f).spec_ctrl == 2 && of(f).auto_ibrs && !of(f).ring0_is_steered));
    for (auto const& f : {nehalem, skylake, zen2, unknown})
        CHECK((of(f).ring0_is_steered && (of(f).spec_ctrl & 1) == 0 && !of(f).auto_ibrs));
}

TEST_CASE("SP-D AMD's processors whose IBRS is always on have it set once") {
    SpeculationFacts f = zen2;
    f.ext8_b |= word(bits(16));
    CHECK((of(f).spec_ctrl == 3 && !of(f).ring0_is_steered));
}

TEST_CASE("SP-F buffers are cleared where they leak and VERW clears them") {
    for (auto const& f : {skylake, cascade_lake, ice_lake, alder_lake, zen4})
        CHECK((of(f).clear_buffers && !of(f).buffers_leak));
    for (auto const& f : {sapphire_rapids, zen2, zen5})
        CHECK((!of(f).clear_buffers && !of(f).buffers_leak));
    for (auto const& f : {nehalem, unknown})
        CHECK((!of(f).clear_buffers && of(f).buffers_leak));
}

TEST_CASE("SP-F asked for, buffers are cleared everywhere, which promises nothing on its own") {
    CHECK(of(nehalem, "spec-ctrl=md-clear").clear_buffers);
    CHECK(of(nehalem, "spec-ctrl=md-clear").buffers_leak);
    CHECK(of(sapphire_rapids, "spec-ctrl=md-clear=yes").clear_buffers);
}

TEST_CASE("spec-ctrl= takes away all, or one by one, and what is then unprotected is known") {
    Barriers const none = of(ice_lake, "a spec-ctrl=no b");
    CHECK((!none.ibpb && none.spec_ctrl == 0 && !none.clear_buffers));
    CHECK((none.ring0_is_steered && none.guests_are_steered && none.buffers_leak));
    CHECK(!of(ice_lake, "spec-ctrl=no-ibpb,stibp=off").ibpb);
    CHECK(of(ice_lake, "spec-ctrl=no-ibpb,stibp=off").spec_ctrl == 1);
    CHECK(of(ice_lake, "spec-ctrl=ibrs=0").ring0_is_steered);
    CHECK(of(zen4, "spec-ctrl=no-ibrs").ring0_is_steered);
    CHECK(of(ice_lake, "spec-ctrl=md-clear=off").buffers_leak);
}

TEST_CASE("spec-ctrl= is decided by the last that says something") {
    CHECK(of(ice_lake, "spec-ctrl=no,ibpb").ibpb);
    CHECK(of(ice_lake, "spec-ctrl=no spec-ctrl=yes").spec_ctrl == 3);
    CHECK(of(ice_lake, "nospec-ctrl=no spec-ctrl= spec-ctrl=bti-thunk=retpoline,,").ibpb);
}

TEST_CASE("SP-E every change of vcpus counts, and none that comes back to the same") {
    arch::LastGuest last;
    CHECK(last.replaced_by(7));
    CHECK(!last.replaced_by(7));  // idle between
    CHECK(last.replaced_by(8));
    CHECK(last.replaced_by(7));
}
