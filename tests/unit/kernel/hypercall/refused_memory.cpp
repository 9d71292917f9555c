// SPDX-License-Identifier: MIT
// All that guests can make the hypervisor ask for memory, with each place
// refused it once.
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstring>

#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/mm/alloc_fault.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/heap.hpp"
#include "kernel/sched/sched.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/vcpu.hpp"

namespace {

constexpr u64 argument_va = 0x10000, list_va = 0x20000;
constexpr unsigned enough = 16;  // tries: no call asks at as many places

// How many tries failed before one did not.
template <class F>
unsigned until_it_works(F&& tried) {
    for (unsigned failed = 0; failed < enough; ++failed)
        if (tried())
            return failed;
    FAIL("it never works");
    return enough;
}

struct Used {
    u64 frames = mm::free_frame_count(), bytes = mm::heap_bytes_in_use();
    friend bool operator==(Used const&, Used const&) = default;
};

class Guest {
    alignas(page_size) std::array<std::byte, 2 * page_size> argument_{};
    alignas(page_size) std::array<u64, 512> list_{};
    DomainRef domain_;

  public:
    unsigned tries = 0;  // of its creation that failed

    Guest() {
        host::reset_cpu();
        host::vcpus() = {};
        sched::init_cpu(CpuId{0});
        host::guest().map(Vaddr{argument_va}, argument_.data(), argument_.size());
        host::guest().map(Vaddr{list_va}, list_.data(), page_size);
        tries = until_it_works([&] {
            auto made = domains::create(DomId{1}, {}, 2, 4, 4);
            if (made)
                domain_ = std::move(*made);
            return made.has_value();
        });
        domain_->memory.max_pages = 64;
    }
    ~Guest() {
        static_cast<void>(domains::destroy(*domain_));
        domain_ = {};
        domains::reap();
        host::guest().clear();
    }
    Guest(Guest const&) = delete;

    template <class T>
    s64 call(u64 number, u64 command, T& argument, u64 second = argument_va, u64 third = 0) {
        std::memcpy(argument_.data(), &argument, sizeof argument);
        hypercall::Args args{command, second, third};
        auto const outcome = hypercall::dispatch(*domain_->vcpu(0), number, args);
        std::memcpy(&argument, argument_.data(), sizeof argument);
        return static_cast<s64>(outcome.value);
    }
    [[nodiscard]] xen_memory_reservation_t extents(u64 count, unsigned order, u64 at = list_va) const {
        xen_memory_reservation_t r{};
        r.extent_start.p = reinterpret_cast<xen_pfn_t*>(at);
        r.nr_extents = count;
        r.extent_order = order;
        r.domid = DOMID_SELF;
        return r;
    }
    s64 memory_op(u64 command) {
        auto r = extents(1, 0);
        return call(__HYPERVISOR_memory_op, command, r);
    }
    s64 exchange() {
        xen_memory_exchange_t x{};
        x.in = extents(1, 0);
        x.out = extents(1, 0, list_va + 8);
        return call(__HYPERVISOR_memory_op, XENMEM_exchange, x);
    }
    s16 set_up_grants() {
        gnttab_setup_table_t setup{.dom = DOMID_SELF, .nr_frames = 2, .status = 1, .frame_list = {}};
        setup.frame_list.p = reinterpret_cast<xen_pfn_t*>(list_va + 64);
        static_cast<void>(call(__HYPERVISOR_grant_table_op, GNTTABOP_setup_table, setup, argument_va, 1));
        return setup.status;
    }
    s64 open_channel() {
        evtchn_alloc_unbound_t open{DOMID_SELF, DOMID_SELF, 0};
        return call(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, open);
    }
    s64 initialise_vcpu() {
        vcpu_guest_context_t context{};
        std::memcpy(argument_.data(), &context, sizeof context);
        hypercall::Args args{VCPUOP_initialise, 1, argument_va};
        return static_cast<s64>(hypercall::dispatch(*domain_->vcpu(0), __HYPERVISOR_vcpu_op, args).value);
    }
};

// A guest's whole life; how many of its wishes were refused.
unsigned live() {
    Guest guest;
    unsigned refused = guest.tries;
    refused += until_it_works([&] { return guest.memory_op(XENMEM_populate_physmap) == 1; });
    refused += until_it_works([&] { return guest.memory_op(XENMEM_increase_reservation) == 1; });
    refused += until_it_works([&] { return guest.exchange() == 0; });
    refused += until_it_works([&] { return guest.set_up_grants() == 0; });
    refused += until_it_works([&] { return guest.open_channel() == 0; });
    refused += until_it_works([&] { return guest.initialise_vcpu() == 0; });
    return refused;
}

}  // namespace

TEST_CASE(
    "LC-3 DS-4 whichever allocation is refused, the call fails, and nothing is lost when its guest ends") {
    host::power_on();
    Used const before;
    mm::alloc_fault::refuse_each();
    unsigned const refused = live();
    mm::alloc_fault::stop();
    CHECK(Used{} == before);
    unsigned places = 0;
    for (; auto const site = mm::alloc_fault::site(places); ++places)
        CHECK(site->refused == 1);
    CHECK(places >= 10);
    CHECK(refused == places);
    CHECK(live() == 0);
    CHECK(Used{} == before);
}
