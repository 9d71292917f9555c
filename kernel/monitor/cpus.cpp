// SPDX-License-Identifier: MIT
// The physical CPUs.
#include "kernel/machine/cpu.hpp"
#include "kernel/machine/irq.hpp"
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

u64 all_interrupts(CpuId cpu) {
    u64 sum = machine::unknown_interrupts(cpu);
    for (unsigned vector = 0; vector < 256; ++vector)
        sum += machine::interrupts(cpu, static_cast<u8>(vector));
    return sum;
}

}  // namespace

void show_cpus(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"CPU", 3}, Column{"RUNS", 8, true}, Column{"WAITING", 7},
                                        Column{"IDLE_MS", 10}, Column{"INTERRUPTS", 12}};
    out.table(columns);
    for (u32 n = 0; n < machine::online_cpus(); ++n) {
        CpuId const cpu{n};
        Load load;
        look_at(cpu, load);
        out.row({n, load.runs, load.waiting, machine::idle_cycles(cpu) / machine::tsc_khz(),
                 all_interrupts(cpu)});
    }
}

}  // namespace monitor
