// SPDX-License-Identifier: MIT
// Interrupts of devices: who may have which, and what is refused.
#include <catch2/catch_test_macros.hpp>

#include <climits>

#include "kernel/hypercall/handlers.hpp"
#include "tests/host/domains.hpp"
#include "tests/unit/kernel/hypercall/guest_buffer.hpp"

namespace {

struct Caller {
    host::TestDomain domain;
    test::GuestBuffer memory;

    explicit Caller(u16 id, bool hardware = true) : domain{id, Privileges{.hardware = hardware}} {}

    Errno outcome(u32 cmd, GuestPtr<u8> arg) {
        auto const r = hypercall::physdev_op(domain.vcpu(), cmd, arg);
        return r ? Errno{} : r.error();
    }
    template <class T>
    Errno asks(u32 cmd, T const& op) {
        return outcome(cmd, memory.put(op));
    }
    Errno maps(int type, int index, domid_t of = DOMID_SELF, int entry = 0) {
        physdev_map_pirq_t op{};
        op.domid = of;
        op.type = type;
        op.index = index;
        op.entry_nr = entry;
        return asks(PHYSDEVOP_map_pirq, op);
    }
    Errno unmaps(int pirq, domid_t of = DOMID_SELF) {
        return asks(PHYSDEVOP_unmap_pirq, physdev_unmap_pirq_t{.domid = of, .pirq = pirq});
    }
};

}  // namespace

TEST_CASE("IO-6 a line is mapped once, and given back by its owner alone") {
    Caller driver{1};
    CHECK(driver.maps(MAP_PIRQ_TYPE_GSI, 5) == Errno{});
    CHECK(driver.memory.get<physdev_map_pirq_t>().pirq == 5);
    host::TestDomain other{2, Privileges{.hardware = true}};
    auto const is_refused = [&](u32 cmd, GuestPtr<u8> arg) {
        return !hypercall::physdev_op(other.vcpu(), cmd, arg).has_value();
    };
    CHECK(is_refused(PHYSDEVOP_map_pirq, driver.memory.at()));
    CHECK(is_refused(PHYSDEVOP_unmap_pirq,
                     driver.memory.put(physdev_unmap_pirq_t{.domid = DOMID_SELF, .pirq = 5})));
    CHECK(is_refused(PHYSDEVOP_eoi, driver.memory.put(physdev_eoi_t{.irq = 5})));
    CHECK(driver.unmaps(5) == Errno{});
    CHECK(driver.unmaps(5) == Errno::inval);
}

TEST_CASE("IO-6 nothing is mapped for another domain, nor out of range") {
    Caller driver{1};
    CHECK(driver.maps(MAP_PIRQ_TYPE_GSI, 5, 2) == Errno::perm);
    CHECK(driver.unmaps(5, 2) == Errno::perm);
    CHECK(driver.maps(MAP_PIRQ_TYPE_GSI, 5, 1) == Errno{});
    CHECK(driver.unmaps(5, 1) == Errno{});
    for (int const index : {-1, 24, INT_MAX, INT_MIN})
        CHECK(driver.maps(MAP_PIRQ_TYPE_GSI, index) == Errno::inval);
    for (int const pirq : {-1, 1 << 20, INT_MAX, INT_MIN})
        CHECK(driver.unmaps(pirq) == Errno::inval);
    CHECK(driver.maps(MAP_PIRQ_TYPE_MULTI_MSI, 0) == Errno::opnotsupp);
    CHECK(driver.maps(MAP_PIRQ_TYPE_UNKNOWN, 0) == Errno::inval);
}

TEST_CASE("IO-5 messages are asked for by function and entry; the hypervisor composes them") {
    Caller driver{1};
    // There is no such function on this machine.
    CHECK(driver.maps(MAP_PIRQ_TYPE_MSI, -1) == Errno::nodev);
    CHECK(driver.maps(MAP_PIRQ_TYPE_MSI_SEG, -1) == Errno::nodev);
    for (int const entry : {-1, 0x10000})
        CHECK(driver.maps(MAP_PIRQ_TYPE_MSI, -1, DOMID_SELF, entry) == Errno::inval);
}

TEST_CASE("IO-6 a domain with a function of its own has no lines, and messages of that function only") {
    Caller guest{3, false};
    CHECK(guest.maps(MAP_PIRQ_TYPE_GSI, 5) == Errno::perm);  // it has none yet
    guest.domain->devices.add()->begin({1, 8}, {});
    CHECK(guest.maps(MAP_PIRQ_TYPE_GSI, 5) == Errno::perm);
    CHECK(guest.maps(MAP_PIRQ_TYPE_MSI, -1) == Errno::perm);
    physdev_map_pirq_t op{};
    op.domid = DOMID_SELF;
    op.type = MAP_PIRQ_TYPE_MSI;
    op.bus = 1;
    op.devfn = 8;
    CHECK(guest.asks(PHYSDEVOP_map_pirq, op) == Errno::nodev);
    op.type = MAP_PIRQ_TYPE_MSI_SEG;
    op.bus = 1 << 16 | 1;
    CHECK(guest.asks(PHYSDEVOP_map_pirq, op) == Errno::perm);
}

TEST_CASE("a line's owner ends its interrupts and asks whether it has to") {
    Caller driver{1};
    REQUIRE(driver.maps(MAP_PIRQ_TYPE_GSI, 5) == Errno{});
    CHECK(driver.asks(PHYSDEVOP_eoi, physdev_eoi_t{.irq = 5}) == Errno{});
    CHECK(driver.asks(PHYSDEVOP_irq_status_query, physdev_irq_status_query_t{.irq = 5, .flags = 7}) ==
          Errno{});
    CHECK(driver.memory.get<physdev_irq_status_query_t>().flags == 0);
    CHECK(driver.asks(PHYSDEVOP_irq_status_query, physdev_irq_status_query_t{.irq = 6, .flags = 0}) ==
          Errno::inval);
    CHECK(driver.unmaps(5) == Errno{});
}

TEST_CASE("HC-8 trigger and polarity are two each, and notices are taken") {
    Caller driver{1};
    physdev_setup_gsi_t good{};
    good.gsi = 4;
    CHECK(driver.asks(PHYSDEVOP_setup_gsi, good) == Errno{});
    auto bad = good;
    bad.gsi = -1;
    CHECK(driver.asks(PHYSDEVOP_setup_gsi, bad) == Errno::inval);
    bad = good;
    bad.triggering = 2;
    CHECK(driver.asks(PHYSDEVOP_setup_gsi, bad) == Errno::inval);
    bad = good;
    bad.polarity = 2;
    CHECK(driver.asks(PHYSDEVOP_setup_gsi, bad) == Errno::inval);
    for (u32 const notice : {PHYSDEVOP_pci_device_add, PHYSDEVOP_pci_mmcfg_reserved, PHYSDEVOP_prepare_msix})
        CHECK(driver.outcome(notice, driver.memory.at()) == Errno{});
    CHECK(driver.outcome(99, driver.memory.at()) == Errno::nosys);
}

TEST_CASE("CP-1 the virtual IOPL and the map of ports are the caller's own, within limits") {
    Caller guest{3, false};
    CHECK(guest.asks(PHYSDEVOP_set_iopl, physdev_set_iopl_t{.iopl = 3}) == Errno{});
    CHECK(guest.asks(PHYSDEVOP_set_iopl, physdev_set_iopl_t{.iopl = 4}) == Errno::inval);
    physdev_set_iobitmap_t map{};
    map.nr_ports = 65536;
    map.bitmap.p = reinterpret_cast<u8*>(u64{0x10000});
    CHECK(guest.asks(PHYSDEVOP_set_iobitmap, map) == Errno{});
    ++map.nr_ports;
    CHECK(guest.asks(PHYSDEVOP_set_iobitmap, map) == Errno::inval);
    --map.nr_ports;
    map.bitmap.p = reinterpret_cast<u8*>((u64{1} << 47) - 1);
    CHECK(guest.asks(PHYSDEVOP_set_iobitmap, map) == Errno::inval);
    CHECK(guest.outcome(PHYSDEVOP_setup_gsi, guest.memory.at()) == Errno::perm);
}

TEST_CASE("HC-2 arguments that cannot be read, or the answer not written, leave nothing behind") {
    Caller driver{1};
    GuestPtr<u8> const nowhere{0x900000};
    for (u32 const cmd :
         {PHYSDEVOP_set_iopl, PHYSDEVOP_set_iobitmap, PHYSDEVOP_eoi, PHYSDEVOP_irq_status_query,
          PHYSDEVOP_map_pirq, PHYSDEVOP_unmap_pirq, PHYSDEVOP_setup_gsi})
        CHECK(driver.outcome(cmd, nowhere) == Errno::fault);
    alignas(page_size) static std::array<std::byte, page_size> page{};
    physdev_map_pirq_t op{};
    op.domid = DOMID_SELF;
    op.type = MAP_PIRQ_TYPE_GSI;
    op.index = 7;
    std::memcpy(page.data(), &op, sizeof op);
    host::guest().map(Vaddr{0x40000}, page.data(), page_size, false);
    CHECK(driver.outcome(PHYSDEVOP_map_pirq, GuestPtr<u8>{0x40000}) == Errno::fault);
    host::guest().unmap(Vaddr{0x40000}, page_size);
    CHECK(driver.unmaps(7) == Errno::inval);
}
