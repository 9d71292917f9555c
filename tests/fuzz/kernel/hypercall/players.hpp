// SPDX-License-Identifier: MIT
// Who makes hypercalls in `sequence`: domains with vcpus, and the memory that
// their calls name.
#pragma once

#include <memory>
#include <optional>

#include "kernel/hypercall/dispatch.hpp"
#include "kernel/sched/sched.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"

namespace fuzz {

inline constexpr u32 vcpus_each = 2, frames_each = 4;

// What a vcpu's calls name, each in a page of its own, and its call that is not done yet.
struct Caller {
    struct Unfinished {
        u64 number;
        hypercall::Args args;
    };
    alignas(page_size) std::array<std::byte, page_size> argument{};
    alignas(page_size) std::array<u64, page_size / 8> list{};
    u64 argument_va = 0, list_va = 0;
    std::optional<Unfinished> unfinished;

    void lie_at(u64 va) {
        argument_va = va;
        list_va = va + page_size;
        host::guest().map(Vaddr{argument_va}, argument.data(), page_size);
        host::guest().map(Vaddr{list_va}, list.data(), page_size);
    }
};

struct Player {
    std::unique_ptr<host::TestDomain> domain;
    std::array<Mfn, frames_each> frames{};
    std::array<Caller, vcpus_each> callers;

    void start(u16 id) {
        domain = std::make_unique<host::TestDomain>(id, Privileges{}, vcpus_each);
        (*domain)->memory.max_pages = 64;
        for (u32 i = 0; i < vcpus_each; ++i) {
            domain->vcpu(i).initialised = true;
            sched::bring_up(domain->vcpu(i));
            callers[i].unfinished.reset();
        }
        for (Mfn& frame : frames)
            frame = domain->new_frame();
    }
};

}  // namespace fuzz
