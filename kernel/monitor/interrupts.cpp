// SPDX-License-Identifier: MIT
// Interrupts: how many of each kind came, and where those of devices go.
#include "kernel/domain/pirq_bindings.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/machine/irq.hpp"
#include "kernel/monitor/command.hpp"

namespace monitor {
namespace {

using machine::IrqLine;
using machine::Pirq;

template <class F>
u64 on_all_cpus(F count) {
    u64 sum = 0;
    for (u32 cpu = 0; cpu < machine::online_cpus(); ++cpu)
        sum += count(CpuId{cpu});
    return sum;
}

u64 count_of(u8 vector) {
    return on_all_cpus([&](CpuId cpu) { return machine::interrupts(cpu, vector); });
}

void line_row(u32 pirq, IrqLine const& line, Report& out) {
    std::array<char, 16> name;
    std::array<char, 20> port;
    auto const target = evtchn::pirq_bindings::target_of(pirq);
    out.row({text::format_to(name, "{} {}", line.message ? "message" : "wire", pirq), Value::hex(line.vector),
             count_of(line.vector), line.level ? "level" : "edge", line.open ? "open" : "closed",
             target ? text::format_to(port, "d{} port {}", target->domain, target->port)
                    : std::string_view{"-"}});
}

}  // namespace

Task show_interrupts(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"WHAT", 12, true}, Column{"VECTOR", 6},
                                        Column{"COUNT", 12},      Column{"TRIGGER", 7, true},
                                        Column{"STATE", 6, true}, Column{"PORT", 14, true}};
    out.table(columns);
    for (auto const& [vector, name] : machine::own_interrupts()) {
        out.row({name, Value::hex(vector), count_of(vector), "-", "-", "-"});
        co_await preemption_point;
    }
    for (u32 pirq = 0; pirq < machine::max_pirqs; ++pirq) {
        if (auto const line = machine::line_of(Pirq{pirq}); line.mapped)
            line_row(pirq, line, out);
        co_await preemption_point;
    }
    out.row({"unknown", "-", on_all_cpus(machine::unknown_interrupts), "-", "-", "-"});
}

}  // namespace monitor
