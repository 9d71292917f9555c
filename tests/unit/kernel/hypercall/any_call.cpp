// SPDX-License-Identifier: MIT
// What holds of every hypercall, whatever its arguments: each is made with many
// structures of plausible words, by a domain that may do everything.
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstring>
#include <random>
#include <vector>

#include "kernel/abi/control.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/sched/sched.hpp"
#include "tests/host/console.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/mapping.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/vcpu.hpp"

namespace {

using hypercall::Args;

constexpr u64 argument_va = 0x10000, lists_va = 0x20000;
constexpr usize argument_words = 24;

// What is called, and in which register the structure's address goes.
struct Call {
    u64 number;
    unsigned structure;
    u64 commands;
    u32 version = 0;  // of structures that begin with command and version
};
constexpr std::array calls{Call{__HYPERVISOR_memory_op, 1, 28},
                           Call{__HYPERVISOR_event_channel_op, 1, 15},
                           Call{__HYPERVISOR_grant_table_op, 1, 13},
                           Call{__HYPERVISOR_xen_version, 1, 12},
                           Call{__HYPERVISOR_physdev_op, 1, 32},
                           Call{__HYPERVISOR_vcpu_op, 2, 14},
                           Call{__HYPERVISOR_console_io, 2, 2},
                           Call{__HYPERVISOR_multicall, 0, 4},
                           Call{__HYPERVISOR_domctl, 0, 88, XEN_DOMCTL_INTERFACE_VERSION},
                           Call{__HYPERVISOR_sysctl, 0, 30, XEN_SYSCTL_INTERFACE_VERSION},
                           Call{__HYPERVISOR_platform_op, 0, 64, XENPF_INTERFACE_VERSION}};

// A domain with a page of arguments, and a page of its own for each word of
// them that is an address.
class Caller {
    host::TestDomain domain_{1, {true, true, true}, 2};
    alignas(page_size) std::array<u64, 512> arguments_{};
    std::vector<std::array<u64, 512>> lists_;

  public:
    Caller() : lists_(argument_words) {
        host::reset_cpu();
        host::vcpus() = {};
        sched::init_cpu(CpuId{0});
        host::guest().clear();
        host::guest().map(Vaddr{argument_va}, arguments_.data(), page_size);
        for (usize i = 0; i < argument_words; ++i)
            host::guest().map(Vaddr{lists_va + i * page_size}, lists_[i].data(), page_size);
        domain_.vcpu().initialised = true;
        sched::bring_up(domain_.vcpu());
    }
    ~Caller() {
        host::guest().clear();
        host::mapped_frames().clear();
    }
    Caller(Caller const&) = delete;

    void fill(std::mt19937_64& random, Call const& call, u64 command) {
        for (usize i = 0; i < argument_words; ++i)
            arguments_[i] = word(random, i);
        for (auto& list : lists_)
            for (u64& w : list)
                w = random() % 5;
        if (call.version != 0)
            arguments_[0] = command | u64{call.version} << 32;
    }
    void make(Call const& call, u64 command) {
        Args args{};
        args[0] = command;
        args[call.structure] = argument_va;
        if (call.number == __HYPERVISOR_console_io)
            args[1] = 64;
        if (call.number == __HYPERVISOR_grant_table_op)
            args[2] = 2;
        if (call.number == __HYPERVISOR_multicall)
            args[1] = command % 3;
        try {
            static_cast<void>(hypercall::dispatch(domain_.vcpu(), call.number, args));
        } catch (host::MachineEnd const&) {
            // Asked for by who may.
        }
    }
    [[nodiscard]] std::vector<u64> memory() const {
        std::vector<u64> all{arguments_.begin(), arguments_.end()};
        for (auto const& list : lists_)
            all.insert(all.end(), list.begin(), list.end());
        return all;
    }

  private:
    static u64 word(std::mt19937_64& random, usize i) {
        switch (random() % 6) {
            case 0:
                return lists_va + i * page_size;
            case 1:
                return DOMID_SELF | u64{DOMID_SELF} << 32;
            case 2:
                return ~u64{0};
            default:
                return (random() % 4) << (random() % 2 * 32);
        }
    }
};

template <class Judge>
void with_every_call(Judge judge) {
    for (Call const& call : calls)
        for (u64 command = 0; command < call.commands; ++command)
            for (u64 seed = 0; seed < 6; ++seed) {
                INFO("hypercall " << call.number << ", command " << command << ", seed " << seed);
                judge(call, command, seed);
            }
}

// Leaves `byte` where the next call's variables will be.
[[gnu::noinline]] void fill_stack(unsigned char byte) {
    std::array<unsigned char, 16384> here;
    here.fill(byte);
    asm volatile("" ::"r"(here.data()) : "memory");
}

}  // namespace

TEST_CASE("HC-3 no byte of a guest's memory is read twice by one call") {
    with_every_call([](Call const& call, u64 command, u64 seed) {
        Caller caller;
        std::mt19937_64 random{seed};
        caller.fill(random, call, command);
        host::guest().watch_reads();
        caller.make(call, command);
        REQUIRE_FALSE(host::guest().read_twice());
    });
}

TEST_CASE("HC-4 what a call leaves in memory does not tell what was on the stack before") {
    with_every_call([](Call const& call, u64 command, u64 seed) {
        std::array<std::vector<u64>, 2> left;
        for (unsigned i = 0; i < 2; ++i) {
            Caller caller;
            std::mt19937_64 random{seed};
            caller.fill(random, call, command);
            fill_stack(i == 0 ? 0x11 : 0xee);
            caller.make(call, command);
            left[i] = caller.memory();
        }
        REQUIRE((left[0] == left[1]));
    });
}
