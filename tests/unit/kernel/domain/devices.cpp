// SPDX-License-Identifier: MIT
#include "kernel/domain/devices.hpp"

#include <catch2/catch_test_macros.hpp>

#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/irq.hpp"
#include "tests/host/pci.hpp"

namespace {

using host::TestDomain;

constexpr machine::PciFunction card{0, 0x18};

struct Slots {
    Slots() {
        for (u8 n = 0; n < 8; ++n)
            host::plugged_functions().push_back(
                host::plain_function({card.bus, static_cast<u8>(card.devfn + n)}));
    }
    Slots(Slots const&) = delete;
    Slots& operator=(Slots const&) = delete;
    ~Slots() { host::plugged_functions().clear(); }
};

Errno error_of(Result<> const& r) {
    REQUIRE(!r.has_value());
    return r.error();
}

}  // namespace

TEST_CASE("IO-6 a function belongs to one domain, until that has ended") {
    Slots const slots;
    TestDomain a{3};
    CHECK(!domains::is_assigned(card));
    REQUIRE(domains::assign_function(*a, card).has_value());
    CHECK(domains::is_assigned(card));
    CHECK(a->uses_devices());
    CHECK(a->memory.device_frames.size() == 1);
    {
        TestDomain const b{4};
        CHECK(error_of(domains::assign_function(*b, card)) == Errno::busy);
        CHECK(!b->uses_devices());
    }
    a.destroy();
    CHECK(!domains::is_assigned(card));
}

TEST_CASE("a domain that may run already is given no function") {
    Slots const slots;
    TestDomain const a{3};
    a.vcpu().initialised = true;
    CHECK(error_of(domains::assign_function(*a, card)) == Errno::busy);
    CHECK(a->memory.device_frames.empty());
}

TEST_CASE("a function that is not there cannot be given away") {
    TestDomain const a{3};
    CHECK(error_of(domains::assign_function(*a, card)) == Errno::nodev);
    CHECK(!a->uses_devices());
}

TEST_CASE("a domain has room for few functions, and refusing one changes nothing") {
    Slots const slots;
    TestDomain const a{3};
    for (u8 n = 0; n < DomainDevices::most; ++n)
        REQUIRE(domains::assign_function(*a, {card.bus, static_cast<u8>(card.devfn + n)}).has_value());
    machine::PciFunction const next{card.bus, static_cast<u8>(card.devfn + DomainDevices::most)};
    CHECK(error_of(domains::assign_function(*a, next)) == Errno::nospc);
    CHECK(!domains::is_assigned(next));
    CHECK(a->memory.device_frames.size() == DomainDevices::most);
}

TEST_CASE("IO-1 a domain's functions are silent, and its interrupts gone, when it has ended") {
    Slots const slots;
    TestDomain a{3};
    REQUIRE(domains::assign_function(*a, card).has_value());
    REQUIRE(machine::map_gsi(20, a->id).has_value());
    CHECK(!host::plugged_functions().front().silent);
    a.destroy();
    CHECK(host::plugged_functions().front().silent);
    CHECK(!machine::is_pirq_of(machine::Pirq{20}, DomId{3}));
}
