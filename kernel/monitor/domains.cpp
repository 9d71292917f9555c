// SPDX-License-Identifier: MIT
// Domains and their virtual CPUs.
#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/runstate.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/names.hpp"
#include "kernel/sched/sched.hpp"

namespace monitor {
namespace {

constexpr u64 ns_per_ms = 1'000'000;

std::string_view life_name(Domain const& d) {
    switch (d.life.load()) {
        case Domain::Life::running:
            return d.pause_count.load() != 0 ? "paused" : "running";
        case Domain::Life::shutdown:
            return domains::shutdown_name(d.shutdown_code.load());
        case Domain::Life::dying:
            return "dying";
        default:
            return "dead";
    }
}

std::string_view state_name(sched::State s) {
    static constexpr std::array<std::string_view, 4> names{"running", "runnable", "blocked", "offline"};
    return names[static_cast<usize>(s)];
}

u64 run_time_ms(Domain& d) {
    u64 sum = 0;
    for (Vcpu* const v : d.all_vcpus())
        sum += domains::runstate(*v).time[RUNSTATE_running];
    return sum / ns_per_ms;
}

void domain_row(Domain& d, Report& out) {
    // One lock at a time.
    u64 const pages = d.memory.pages.lock()->count;
    u32 const channels = d.events.lock()->in_use();
    u32 const grant_frames = d.grants.lock()->frames();
    u32 const mapped = d.maptrack.lock()->in_use();
    out.row({d.id, d.name_view(), life_name(d), pages, d.memory.max_pages, d.vcpu_limit, channels,
             grant_frames, mapped, run_time_ms(d), d.ref_count() - 1});
}

void vcpu_row(Vcpu& v, Report& out) {
    VcpuName name;
    auto const times = domains::runstate(v);
    out.row({name_of(v, name), state_name(v.sched.state.load()), v.sched.cpu.load(),
             times.time[RUNSTATE_running] / ns_per_ms, times.time[RUNSTATE_runnable] / ns_per_ms,
             times.time[RUNSTATE_blocked] / ns_per_ms, v.domain.share.weight(), v.upcalls, v.hypercalls,
             v.info->evtchn_upcall_pending != 0 ? 1u : 0u, v.info->evtchn_upcall_mask != 0 ? 1u : 0u});
}

}  // namespace

Task show_domains(Arguments const&, Report& out) {
    static constexpr std::array columns{
        Column{"ID", 5},     Column{"NAME", 24, true}, Column{"STATE", 9, true}, Column{"PAGES", 8},
        Column{"MAX", 8},    Column{"VCPUS", 5},       Column{"CHANNELS", 8},    Column{"GRANT_FRAMES", 12},
        Column{"MAPPED", 7}, Column{"RUN_MS", 10},     Column{"REFS", 5}};
    out.table(columns);
    for (ChosenDomains d; d; d.next()) {
        domain_row(*d, out);
        co_await preemption_point;
    }
}

Task show_vcpus(Arguments const& args, Report& out) {
    static constexpr std::array columns{
        Column{"VCPU", 8, true},  Column{"STATE", 9, true}, Column{"CPU", 3},    Column{"RUN_MS", 10},
        Column{"WAIT_MS", 9},     Column{"BLOCKED_MS", 10}, Column{"WEIGHT", 6}, Column{"UPCALLS", 10},
        Column{"HYPERCALLS", 12}, Column{"PENDING", 7},     Column{"MASKED", 6}};
    out.table(columns);
    for (ChosenDomains d{args, out}; d; d.next())
        for (Vcpu* const v : d->all_vcpus()) {
            vcpu_row(*v, out);
            co_await preemption_point;
        }
}

namespace {

void register_rows(Vcpu const& v, Report& out) {
    vcpu_guest_context c{};
    machine::vcpu_get_context(v, c);
    auto const& r = c.user_regs;
    VcpuName name;
    auto const vcpu = name_of(v, name);
    struct Row {
        std::string_view name;
        u64 value;
    };
    for (Row const& row : std::initializer_list<Row>{{"rip", r.rip},
                                                     {"rflags", r.rflags},
                                                     {"rsp", r.rsp},
                                                     {"cs", r.cs},
                                                     {"ss", r.ss},
                                                     {"rax", r.rax},
                                                     {"rbx", r.rbx},
                                                     {"rcx", r.rcx},
                                                     {"rdx", r.rdx},
                                                     {"rsi", r.rsi},
                                                     {"rdi", r.rdi},
                                                     {"rbp", r.rbp},
                                                     {"r8", r.r8},
                                                     {"r9", r.r9},
                                                     {"r10", r.r10},
                                                     {"r11", r.r11},
                                                     {"r12", r.r12},
                                                     {"r13", r.r13},
                                                     {"r14", r.r14},
                                                     {"r15", r.r15},
                                                     {"cr2", v.info->arch.cr2},
                                                     {"cr3", c.ctrlreg[3]},
                                                     {"fs_base", c.fs_base},
                                                     {"gs_base", c.gs_base_kernel},
                                                     {"user_gs", c.gs_base_user}})
        out.row({vcpu, row.name, Value::hex(row.value)});
}

}  // namespace

Task show_registers(Arguments const& args, Report& out) {
    static constexpr std::array columns{Column{"VCPU", 8, true}, Column{"REGISTER", 8, true},
                                        Column{"VALUE", 18}};
    auto const only = args.number(1);
    u64 shown = 0;
    out.table(columns);
    for (ChosenDomains d{args, out}; d; d.next())
        for (Vcpu* const v : d->all_vcpus()) {
            co_await preemption_point;
            if (!v->initialised || (only && *only != v->id.raw()))
                continue;
            register_rows(*v, out);
            ++shown;
        }
    if (shown == 0 && !out.refused())
        out.refuse("there is no such virtual CPU, or it has not started");
}

}  // namespace monitor
