// SPDX-License-Identifier: MIT
// A domain with one vcpu that runs on tables of its own, and makes the calls
// that change them.
#pragma once

#include "kernel/hypercall/handlers.hpp"
#include "tests/unit/arch/pv/beside_mmu.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace pt {

inline constexpr Vaddr arguments{0x10000};
inline constexpr Vaddr done_at{0x20000};

// A domain with one vcpu that runs on a tree of tables.
class Guest {
    alignas(page_size) std::array<std::byte, 4 * page_size> argument_page_{};
    alignas(page_size) std::array<std::byte, page_size> done_page_{};
    machine::VcpuState state_;

  public:
    Domain domain{DomId{5}};
    Vcpu vcpu{domain, VcpuId{0}};

    Guest() {
        host::power_on();
        host::reset_cpu();
        domain.memory.max_pages = 256;
        vcpu.arch = &state_;
        domain.vcpus[0] = &vcpu;
        domain.vcpu_limit = 1;
        host::cpu().current = &vcpu;
        host::guest().clear();
        host::guest().map(arguments, argument_page_.data(), argument_page_.size());
        host::guest().map(done_at, done_page_.data(), done_page_.size());
    }
    ~Guest() {
        host::cpu().preempt = nullptr;
        domain.vcpus[0] = nullptr;
        state_.kernel_root.reset();
        state_.user_root.reset();
        REQUIRE(mm::relinquish(domain.memory).has_value());
        state_.closing.reset();
        CHECK(mm::owns_nothing(domain.memory));
    }

    Mfn frame() { return *mm::alloc_domain_frames(domain.memory, 0); }
    [[nodiscard]] machine::VcpuState& state() { return state_; }
    [[nodiscard]] u32 done() const { return *reinterpret_cast<u32 const*>(done_page_.data()); }

    // Runs the call as the dispatcher does, restarts included.
    template <class Request, class Call>
    hypercall::Answer run(std::vector<Request> const& list, Call call) {
        std::memcpy(argument_page_.data(), list.data(), list.size() * sizeof(Request));
        std::array<u64, 4> args{arguments.raw(), list.size(), done_at.raw(), DOMID_SELF};
        for (;;) {
            beside::continued_with.clear();
            auto const r = call(vcpu, GuestPtr<Request const>{args[0]}, static_cast<u32>(args[1]),
                                GuestPtr<u32>{args[2]}, static_cast<u32>(args[3]));
            if (r || r.error() != Errno::restart)
                return r;
            REQUIRE(beside::continued_with.size() == args.size());
            std::copy(beside::continued_with.begin(), beside::continued_with.end(), args.begin());
        }
    }
    hypercall::Answer update(std::vector<mmu_update_t> const& list) {
        return run(list, hypercall::mmu_update);
    }
    hypercall::Answer extended(std::vector<mmuext_op_t> const& list) {
        return run(list, hypercall::mmuext_op);
    }
};

inline mmuext_op_t on_frame(unsigned cmd, Mfn m) {
    mmuext_op_t op{};
    op.cmd = cmd;
    op.arg1.mfn = m.raw();
    return op;
}

inline mmu_update_t store(Mfn m, unsigned index, u64 value, u64 command = MMU_NORMAL_PT_UPDATE) {
    return {(maddr_of(m) + index * 8).raw() | command, value};
}

struct SmallTree {
    Mfn l4, l3, l2, l1, data;
    explicit SmallTree(Guest& g)
        : l4{g.frame()}, l3{g.frame()}, l2{g.frame()}, l1{g.frame()}, data{g.frame()} {
        table(l4)[0] = entry(l3, table_flags);
        table(l3)[0] = entry(l2, table_flags);
        table(l2)[0] = entry(l1, table_flags);
        table(l1)[1] = entry(data, data_flags);
        table(l1)[2] = entry(l1, readonly_flags);
    }
};

}  // namespace pt
