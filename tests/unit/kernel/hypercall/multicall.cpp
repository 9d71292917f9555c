// SPDX-License-Identifier: MIT
// Multicalls: each element is as good as a call by itself, and no better.
#include <catch2/catch_test_macros.hpp>

#include <array>

#include "kernel/hypercall/dispatch.hpp"
#include "kernel/sched/sched.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/vcpu.hpp"

namespace {

using hypercall::Args;

constexpr u64 list_va = 0x10000;
constexpr u64 untouched = 0x5a5a;

struct Guest {
    host::TestDomain domain{1};
    alignas(page_size) std::array<multicall_entry_t, page_size / sizeof(multicall_entry_t)> list{};

    Guest() {
        host::reset_cpu();
        host::vcpus() = {};
        sched::init_cpu(CpuId{0});
        host::guest().map(Vaddr{list_va}, list.data(), page_size);
        domain.vcpu().initialised = true;
        sched::bring_up(domain.vcpu());
        for (auto& e : list)
            e.result = untouched;
    }
    ~Guest() { host::guest().clear(); }
    Guest(Guest const&) = delete;

    void set(usize i, u64 op, u64 a0 = 0, u64 a1 = 0) {
        list[i].op = op;
        list[i].args[0] = a0;
        list[i].args[1] = a1;
    }
    s64 run(u64 count) {
        Args args{list_va, count};
        for (;;) {
            auto const outcome = hypercall::dispatch(domain.vcpu(), __HYPERVISOR_multicall, args);
            if (!outcome.restart)
                return static_cast<s64>(outcome.value);
        }
    }
    s64 alone(u64 op, u64 a0) {
        Args args{a0};
        return static_cast<s64>(hypercall::dispatch(domain.vcpu(), op, args).value);
    }
};

}  // namespace

TEST_CASE("HC-6 an element answers what the call answers by itself") {
    Guest g;
    for (u64 op = 0; op < 70; ++op) {
        if (op == __HYPERVISOR_multicall || op == __HYPERVISOR_iret || op == __HYPERVISOR_sched_op)
            continue;
        for (u64 const command : {u64{0}, u64{99}, ~u64{0}}) {
            INFO("hypercall " << op << ", command " << command);
            g.set(0, op, command);
            REQUIRE(g.run(1) == 0);
            REQUIRE(static_cast<s64>(g.list[0].result) == g.alone(op, command));
        }
    }
}

TEST_CASE("HC-6 calls that leave the guest's kernel, or nest, are no elements") {
    Guest g;
    g.set(0, __HYPERVISOR_iret);
    g.set(1, __HYPERVISOR_multicall, list_va, 1);
    g.set(2, __HYPERVISOR_xen_version, XENVER_pagesize);
    REQUIRE(g.run(3) == 0);
    REQUIRE(static_cast<s64>(g.list[0].result) == -static_cast<s64>(Errno::inval));
    REQUIRE(static_cast<s64>(g.list[1].result) == -static_cast<s64>(Errno::inval));
    REQUIRE(g.list[2].result == page_size);
}

TEST_CASE("HC-6 nothing is done for a domain that has ended in the middle") {
    Guest g;
    g.set(0, __HYPERVISOR_xen_version, XENVER_pagesize);
    g.set(1, __HYPERVISOR_sched_op, SCHEDOP_shutdown, 0x20000);
    alignas(page_size) static std::array<u32, page_size / 4> reason{SHUTDOWN_poweroff};
    host::guest().map(Vaddr{0x20000}, reason.data(), page_size);
    g.set(2, __HYPERVISOR_xen_version, XENVER_pagesize);
    REQUIRE(g.run(3) == 0);
    REQUIRE(g.list[0].result == page_size);
    REQUIRE(g.list[2].result == untouched);
}

TEST_CASE("HC-6 HC-5 interruptions do not show in the results, and none is done twice") {
    Guest g;
    for (usize i = 0; i < g.list.size(); ++i)
        g.set(i, __HYPERVISOR_xen_version, XENVER_pagesize);
    host::cpu().preempt = [] { return true; };
    u64 const before = hypercall::calls(__HYPERVISOR_xen_version);
    REQUIRE(g.run(g.list.size()) == 0);
    for (auto const& e : g.list)
        REQUIRE(e.result == page_size);
    REQUIRE(hypercall::calls(__HYPERVISOR_xen_version) - before == g.list.size());
}

TEST_CASE(
    "HC-6 DS-1 elements that work on lists are followed by a look at who waits, others by one now and then") {
    Guest g;
    auto const looks = [&g](u64 op) {
        for (usize i = 0; i < g.list.size(); ++i)
            g.set(i, op, XENVER_pagesize);
        u64 const before = host::cpu().preemption_points;
        REQUIRE(g.run(g.list.size()) == 0);
        return host::cpu().preemption_points - before;
    };
    REQUIRE(looks(__HYPERVISOR_mmu_update) >= g.list.size() - 1);
    REQUIRE(looks(__HYPERVISOR_xen_version) == (g.list.size() - 1) / 16);
}

TEST_CASE("HC-6 a list that leaves the guest's memory is refused whole") {
    Guest g;
    g.set(0, __HYPERVISOR_xen_version, XENVER_pagesize);
    REQUIRE(g.run(0) == 0);
    // Its first elements can be read, and what follows the last one is not the guest's.
    constexpr u64 last_page = (u64{1} << 47) - page_size;
    host::guest().map(Vaddr{last_page}, g.list.data(), page_size);
    Args args{last_page, g.list.size() + 1};
    REQUIRE(static_cast<s64>(hypercall::dispatch(g.domain.vcpu(), __HYPERVISOR_multicall, args).value) ==
            -static_cast<s64>(Errno::fault));
    REQUIRE(g.list[0].result == untouched);
    args = {last_page, 1};
    REQUIRE(hypercall::dispatch(g.domain.vcpu(), __HYPERVISOR_multicall, args).value == 0);
    REQUIRE(g.list[0].result == page_size);
}
