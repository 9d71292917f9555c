// SPDX-License-Identifier: MIT
// Where a guest may want to be called.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cstring>

#include "arch/pv/address.hpp"
#include "arch/pv/vcpu_state.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {

constexpr u64 argument_va = 0x10000;
constexpr std::array<u16, 5> kinds{CALLBACKTYPE_event, CALLBACKTYPE_failsafe, CALLBACKTYPE_syscall,
                                   CALLBACKTYPE_nmi, CALLBACKTYPE_syscall32};
constexpr std::array canonical{u64{0x1000}, (u64{1} << 47) - 1, ~u64{0}, ~u64{0} << 47};
constexpr std::array no_address{u64{1} << 47, (~u64{0} << 47) - 1, u64{1} << 63, u64{1} << 48};

class Kernel {
    host::TestDomain domain_{1};
    alignas(page_size) std::array<std::byte, 2 * page_size> argument_{};

  public:
    machine::VcpuState state;
    Kernel() {
        vcpu().arch = &state;
        host::guest().map(Vaddr{argument_va}, argument_.data(), argument_.size());
    }
    ~Kernel() {
        vcpu().arch = nullptr;
        host::guest().clear();
    }
    Kernel(Kernel const&) = delete;
    Vcpu& vcpu() { return domain_.vcpu(); }
    template <class T>
    GuestPtr<u8> with(T const& value) {
        std::memcpy(argument_.data(), &value, sizeof value);
        return GuestPtr<u8>{argument_va};
    }
    bool registers(u16 type, u64 address) {
        callback_register_t r{};
        r.type = type;
        r.address = address;
        return hypercall::callback_op(vcpu(), CALLBACKOP_register, with(r)).has_value();
    }
    bool unregisters(u16 type) {
        callback_unregister_t const u{.type = type, ._unused = 0};
        return hypercall::callback_op(vcpu(), CALLBACKOP_unregister, with(u)).has_value();
    }
};

}  // namespace

TEST_CASE("EX-9 DT-4 callbacks are canonical addresses of a known kind") {
    Kernel k;
    for (u16 type = 0; type < 16; ++type) {
        bool const known = std::ranges::find(kinds, type) != kinds.end();
        for (u64 const address : canonical)
            REQUIRE(k.registers(type, address) == known);
        for (u64 const address : no_address)
            REQUIRE_FALSE(k.registers(type, address));
    }
    auto const set = [&] {
        auto const& s = k.state;
        return std::array{s.event.address, s.failsafe.address, s.syscall.address, s.syscall32.address,
                          s.nmi.address};
    };
    auto const before = set();
    REQUIRE(before == std::array{canonical.back(), canonical.back(), canonical.back(), canonical.back(),
                                 canonical.back()});
    for (u64 const bad : no_address) {
        REQUIRE_FALSE(hypercall::set_callbacks(k.vcpu(), bad, 0x1000, 0x1000));
        REQUIRE_FALSE(hypercall::set_callbacks(k.vcpu(), 0x1000, bad, 0x1000));
        REQUIRE_FALSE(hypercall::set_callbacks(k.vcpu(), 0x1000, 0x1000, bad));
        REQUIRE(set() == before);
    }
}

TEST_CASE("EX-9 what a guest cannot go on without is not taken back") {
    Kernel k;
    for (u16 const type :
         std::array<u16, 3>{CALLBACKTYPE_event, CALLBACKTYPE_failsafe, CALLBACKTYPE_syscall}) {
        REQUIRE(k.registers(type, 0x1000));
        REQUIRE_FALSE(k.unregisters(type));
    }
    REQUIRE(k.registers(CALLBACKTYPE_nmi, 0x1000));
    REQUIRE(k.unregisters(CALLBACKTYPE_nmi));
    REQUIRE(k.state.nmi.address == 0);
}

TEST_CASE("DT-4 a trap's handler is a canonical address, for ring 3, and the table ends") {
    Kernel k;
    std::array<trap_info, 300> table{};
    table[0] = {.vector = 14, .flags = 0xff, .cs = 0xe030, .address = 0x7000};
    REQUIRE(hypercall::set_trap_table(k.vcpu(), k.with(table).as<trap_info>()));
    REQUIRE(k.state.traps[14].address == 0x7000);
    REQUIRE((k.state.traps[14].cs & 3) == 3);
    REQUIRE(k.state.traps[14].dpl == 3);
    for (u64 const bad : no_address) {
        table[0].address = bad;
        REQUIRE_FALSE(hypercall::set_trap_table(k.vcpu(), k.with(table).as<trap_info>()));
        REQUIRE(k.state.traps[14].address == 0x7000);
    }
    table.fill({.vector = 3, .flags = 0, .cs = 0, .address = 0x7000});  // without end
    REQUIRE_FALSE(hypercall::set_trap_table(k.vcpu(), k.with(table).as<trap_info>()));
}

TEST_CASE("DT-4 addresses whose upper bits are not all equal are told apart") {
    for (u64 const a : canonical)
        REQUIRE(pv::canonical(a));
    for (u64 const a : no_address)
        REQUIRE_FALSE(pv::canonical(a));
}
