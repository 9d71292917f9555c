// SPDX-License-Identifier: MIT
// The physical CPUs and who runs on them.
#include "kernel/machine/cpu.hpp"
#include "kernel/machine/irq.hpp"
#include "kernel/mm/heap.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/names.hpp"
#include "kernel/sched/sched.hpp"

namespace monitor {
namespace {

struct Load {
    VcpuName buffer{};
    std::string_view runs = "-";
    u32 waiting = 0;
};

void look_at(CpuId cpu, Load& load) {
    sched::for_each_runnable(
        cpu,
        [](Vcpu const& v, bool running, void* context) {
            auto& l = *static_cast<Load*>(context);
            if (running)
                l.runs = name_of(v, l.buffer);
            else
                ++l.waiting;
        },
        &load);
}

// What is on a run queue is printed when its lock is free again.
struct Runnable {
    VcpuName name{};
    bool running = false;
    u32 weight = 0, cap = 0;
};
constexpr usize most_runnable = 256;

class Queue {
    std::span<Runnable> room_;
    usize used_ = 0;
    u64 left_out_ = 0;

  public:
    explicit Queue(std::span<Runnable> room) : room_{room} {}

    void add(Vcpu const& v, bool running) {
        if (used_ == room_.size()) {
            ++left_out_;
            return;
        }
        Runnable& r = room_[used_++];
        r = {.running = running, .weight = v.domain.share.weight(), .cap = v.domain.share.cap()};
        name_of(v, r.name);
    }
    [[nodiscard]] std::span<Runnable const> seen() const { return room_.first(used_); }
    [[nodiscard]] u64 left_out() const { return left_out_; }
};

void look_at(CpuId cpu, Queue& queue) {
    sched::for_each_runnable(
        cpu, [](Vcpu const& v, bool running, void* to) { static_cast<Queue*>(to)->add(v, running); }, &queue);
}

u64 all_interrupts(CpuId cpu) {
    u64 sum = machine::unknown_interrupts(cpu);
    for (unsigned vector = 0; vector < 256; ++vector)
        sum += machine::interrupts(cpu, static_cast<u8>(vector));
    return sum;
}

}  // namespace

Task show_cpus(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"CPU", 3}, Column{"RUNS", 8, true}, Column{"WAITING", 7},
                                        Column{"IDLE_MS", 10}, Column{"INTERRUPTS", 12}};
    out.table(columns);
    for (u32 n = 0; n < machine::online_cpus(); ++n) {
        CpuId const cpu{n};
        Load load;
        look_at(cpu, load);
        out.row({n, load.runs, load.waiting, machine::idle_cycles(cpu) / machine::tsc_khz(),
                 all_interrupts(cpu)});
        co_await preemption_point;
    }
}

Task show_run_queues(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"CPU", 3}, Column{"VCPU", 8, true}, Column{"STATE", 9, true},
                                        Column{"WEIGHT", 6}, Column{"CAP", 4}};
    auto const room = mm::HeapArray<Runnable>::make(most_runnable);
    if (!room) {
        out.refuse("no memory to take a look at queues");
        co_return;
    }
    out.table(columns);
    for (u32 cpu = 0; cpu < machine::online_cpus(); ++cpu) {
        Queue queue{room->span()};
        look_at(CpuId{cpu}, queue);
        for (Runnable const& r : queue.seen()) {
            out.row(
                {cpu, std::string_view{r.name.data()}, r.running ? "running" : "waiting", r.weight, r.cap});
            co_await preemption_point;
        }
        if (queue.left_out() != 0)
            out.note("{} more wait for CPU {}", queue.left_out(), cpu);
    }
}

}  // namespace monitor
