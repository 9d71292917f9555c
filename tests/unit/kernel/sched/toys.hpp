// SPDX-License-Identifier: MIT
// Toy vcpus on a toy machine of several CPUs whose time is turned by hand, for
// tests of kernel/sched. One program includes this once: it is also the
// scheduler's hooks.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "kernel/sched/core.hpp"
#include "kernel/sched/hooks.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/timer.hpp"
#include "tests/host/cpu.hpp"

struct Vcpu {
    sched::Unit sched;
    bool domain_runs = true;
    int entered = 0, left = 0;
};

namespace sched::hooks {

Unit& unit_of(Vcpu& v) {
    return v.sched;
}
bool may_run(Vcpu const& v) {
    return v.domain_runs;
}
void entered_cpu(Vcpu& v) {
    ++v.entered;
}
void left_cpu(Vcpu& v) {
    ++v.left;
}

}  // namespace sched::hooks

namespace toys {

inline constexpr Nanos ms = 1'000'000;

// Each CPU of the machine, as the entry code drives it.
class Machine {
    struct Cpu {
        Vcpu* current = nullptr;
        Nanos timer = machine::timer_off;
    };
    std::vector<Cpu> cpus_;

    void become(u32 cpu) {
        cpus_[host::cpu().id.raw()].timer = host::cpu().timer;
        host::cpu().id = CpuId{cpu};
        host::cpu().timer = cpus_[cpu].timer;
        host::cpu().current = cpus_[cpu].current;
    }
    void forget() {
        for (u32 c = 0; c < size(); ++c) {
            sched::cpus::known.set(CpuId{c}, false);
            sched::cpus::idle.set(CpuId{c}, false);
        }
    }

  public:
    explicit Machine(u32 cpus = 1) : cpus_(cpus) {
        host::reset_cpu();
        host::cpu().online = cpus;
        for (u32 c = 0; c < cpus; ++c)
            sched::init_cpu(CpuId{c});
    }
    Machine(Machine const&) = delete;
    // Guests are gone. Nothing is left due, nor a timer set.
    ~Machine() {
        settle();
        for (u32 c = 0; c < size(); ++c) {
            become(c);
            timers::run_expired();
        }
        forget();
    }
    [[nodiscard]] u32 size() const { return static_cast<u32>(cpus_.size()); }
    [[nodiscard]] Vcpu* on(u32 cpu) const { return cpus_[cpu].current; }
    [[nodiscard]] Nanos timer(u32 cpu = 0) {
        become(cpu);
        return host::cpu().timer;
    }

    // What a CPU does on its way back to a guest.
    Vcpu* reschedule(u32 cpu = 0) {
        become(cpu);
        while (sched::resched_due()) {
            Vcpu* const next = sched::pick();
            Vcpu* const before = std::exchange(cpus_[cpu].current, next);
            if (before && before != next)
                sched::context_saved(*before);
        }
        host::cpu().current = cpus_[cpu].current;
        return cpus_[cpu].current;
    }
    // The vcpu, which runs, goes to sleep.
    void sleep(Vcpu& v) {
        u32 const cpu = v.sched.cpu.load().raw();
        REQUIRE(on(cpu) == &v);
        become(cpu);
        sched::block(v);
        settle();
    }
    // All CPUs, until none has anything to decide.
    void settle() {
        for (bool busy = true; busy;) {
            busy = false;
            for (u32 c = 0; c < size(); ++c) {
                become(c);
                busy |= sched::resched_due();
                reschedule(c);
            }
        }
        become(0);
    }
    // Lets time pass; timer interrupts come when they are due.
    void run(Nanos span) {
        Nanos const end = host::cpu().now + span;
        for (settle(); next_timer() < end; settle())
            interrupt(next_cpu());
        host::cpu().now = end;
        for (u32 c = 0; c < size(); ++c) {
            become(c);
            sched::set_resched_due();
        }
        settle();
    }

  private:
    u32 next_cpu() {
        become(0);  // writes back the timer of the CPU that was
        cpus_[0].timer = host::cpu().timer;
        auto const earliest = std::ranges::min_element(cpus_, {}, &Cpu::timer);
        return static_cast<u32>(earliest - cpus_.begin());
    }
    Nanos next_timer() { return cpus_[next_cpu()].timer; }
    void interrupt(u32 cpu) {
        become(cpu);
        host::cpu().now = std::max(host::cpu().now, host::cpu().timer);
        REQUIRE(host::cpu().timer_fires());
        sched::timer_interrupt();
    }
};

struct Wishes {
    u32 weight = 256, cap = 0, vcpus = 1;
    u64 affinity = ~u64{0};
};

// A domain whose vcpus are up and compute; they leave at the end of the test.
class Guest {
    Machine& machine_;
    sched::Share share_;
    std::vector<std::unique_ptr<Vcpu>> vcpus_;

  public:
    explicit Guest(Machine& m, Wishes const& w = {}) : machine_{m} {
        share_.set(w.weight, w.cap);
        for (u32 n = 0; n < w.vcpus; ++n) {
            vcpus_.push_back(std::make_unique<Vcpu>());
            sched::add(*vcpus_.back(), share_);
            sched::set_affinity(*vcpus_.back(), w.affinity, ~u64{0});
        }
        for (auto& each : vcpus_)
            sched::bring_up(*each);
    }
    Guest(Guest const&) = delete;
    ~Guest() {
        for (auto& each : vcpus_)
            sched::take_down(*each);
        machine_.settle();
        for (auto& each : vcpus_)
            sched::remove(*each);
    }
    [[nodiscard]] Vcpu& v(usize n = 0) const { return *vcpus_[n]; }
    [[nodiscard]] usize size() const { return vcpus_.size(); }
    [[nodiscard]] sched::Share& share() { return share_; }

    [[nodiscard]] Nanos ran(usize n) const {
        auto const t = sched::times(v(n));
        Nanos const now_running = t.state == sched::State::running ? host::cpu().now - t.entered : 0;
        return t.total[0] + now_running;
    }
    [[nodiscard]] Nanos ran() const {
        Nanos sum = 0;
        for (usize n = 0; n < size(); ++n)
            sum += ran(n);
        return sum;
    }
};

inline bool within_permille(Nanos value, Nanos wanted, Nanos permille) {
    return value * 1000 >= wanted * (1000 - permille) && value * 1000 <= wanted * (1000 + permille);
}

}  // namespace toys
