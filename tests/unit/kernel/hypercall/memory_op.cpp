// SPDX-License-Identifier: MIT
// memory_op as a guest calls it: sizes of extents, wishes for addresses, and
// lists that take long.
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstring>

#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/memory_op.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"

namespace {

using hypercall::Args;

constexpr u64 argument_va = 0x10000, list_va = 0x20000;
constexpr std::array changes{XENMEM_increase_reservation, XENMEM_decrease_reservation,
                             XENMEM_populate_physmap};

class Guest {
    host::TestDomain domain_{1};
    alignas(page_size) std::array<std::byte, page_size> argument_{};

  public:
    alignas(page_size) std::array<u64, 512> list{};

    Guest() {
        host::reset_cpu();
        host::guest().clear();
        host::guest().map(Vaddr{argument_va}, argument_.data(), page_size);
        host::guest().map(Vaddr{list_va}, list.data(), page_size);
    }
    ~Guest() { host::guest().clear(); }
    Guest(Guest const&) = delete;

    u64 pages() { return domain_->memory.pages.lock()->count; }
    // Until it is done, as the entry code does it.
    s64 memory_op(u64 command, auto const& argument) {
        std::memcpy(argument_.data(), &argument, sizeof argument);
        Args args{command, argument_va};
        for (;;) {
            auto const outcome = hypercall::dispatch(domain_.vcpu(), __HYPERVISOR_memory_op, args);
            if (!outcome.restart)
                return static_cast<s64>(outcome.value);
            ++restarts;
        }
    }
    unsigned restarts = 0;
};

xen_memory_reservation_t extents(u64 count, unsigned order, unsigned flags = 0) {
    xen_memory_reservation_t r{};
    r.extent_start.p = reinterpret_cast<xen_pfn_t*>(list_va);
    r.nr_extents = count;
    r.extent_order = order;
    r.mem_flags = flags;
    r.domid = DOMID_SELF;
    return r;
}

}  // namespace

TEST_CASE("MM-1 HC-8 an extent larger than a guest may ask for is not done, of whatever order") {
    Guest g;
    u64 const before = g.pages(), free = mm::free_frame_count();
    for (int const change : changes)
        for (unsigned order = hypercall::memory::max_extent_order + 1; order < 200; ++order)
            REQUIRE(g.memory_op(static_cast<u64>(change), extents(1, order)) == 0);
    REQUIRE(g.memory_op(XENMEM_increase_reservation, extents(1, ~0u)) == 0);
    REQUIRE(g.pages() == before);
    REQUIRE(mm::free_frame_count() == free);
}

TEST_CASE("MM-1 DS-1 who drives no devices gets no extent that takes long to make") {
    Guest g;
    xen_memory_exchange_t x{};
    x.in = extents(128, 0);
    x.out = extents(1, 7);
    REQUIRE(g.memory_op(XENMEM_increase_reservation, extents(1, 6)) == 1);
    REQUIRE(g.memory_op(XENMEM_increase_reservation, extents(1, 7)) == 0);
    REQUIRE(g.memory_op(XENMEM_exchange, x) == -static_cast<s64>(Errno::perm));
}

TEST_CASE("MM-1 many extents are done in steps, and counted as if in one") {
    Guest g;
    g.list.fill(~u64{0} >> 1);
    host::cpu().preempt = [] { return true; };
    REQUIRE(g.memory_op(XENMEM_populate_physmap, extents(20, 0)) == 20);
    REQUIRE(g.restarts == 19);
    REQUIRE(g.pages() == 20);
    // A list that ends where there is no memory left for this guest.
    REQUIRE(g.memory_op(XENMEM_populate_physmap, extents(500, 0)) == 256 - 20);
    REQUIRE(g.pages() == 256);
}

TEST_CASE("HC-8 MM-1 numbers of extents at the limits neither wrap nor fault") {
    Guest g;
    for (u64 const count : {~u64{0}, ~u64{0} >> 6, u64{1} << 58, u64{1} << 63})
        for (int const change : changes)
            REQUIRE(g.memory_op(static_cast<u64>(change), extents(count, 0)) <= 256);
    // A start behind the end, as if continued.
    u64 const behind = u64{XENMEM_decrease_reservation} | u64{9} << hypercall::memory::extent_shift;
    REQUIRE(g.memory_op(behind, extents(4, 0)) <= 9);
}

TEST_CASE("MM-8 any wish for node and address width is granted or refused") {
    Guest g;
    for (unsigned flags = 0; flags < 1u << 18; flags += 0x101) {
        s64 const done = g.memory_op(XENMEM_increase_reservation, extents(1, 0, flags));
        REQUIRE((done == 0 || done == 1));
        unsigned const bits = flags & 0xff;
        if (bits != 0 && bits < 32)
            REQUIRE(done == 0);
        if (done == 1)
            REQUIRE(g.memory_op(XENMEM_decrease_reservation, extents(1, 0)) == 1);
    }
    REQUIRE(g.pages() == 0);
}

TEST_CASE("MM-2 HC-8 an exchange of sizes that do not match is refused before anything is taken") {
    Guest g;
    xen_memory_exchange_t x{};
    constexpr std::array<u64, 6> counts{0, 1, 3, u64{1} << 55, u64{1} << 63, ~u64{0}};
    constexpr std::array orders{0u, 1u, 9u, 10u, 63u, 64u, ~0u};
    u64 const before = mm::free_frame_count();
    for (u64 const in : counts)
        for (u64 const out : counts)
            for (unsigned const order : orders) {
                x.in = extents(in, 0);
                x.out = extents(out, order);
                s64 const answer = g.memory_op(XENMEM_exchange, x);
                REQUIRE((answer < 0 || (in == 0 && out == 0)));
            }
    REQUIRE(mm::free_frame_count() == before);
}
