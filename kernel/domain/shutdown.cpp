// SPDX-License-Identifier: MIT
// How a guest ends, by its own wish or by ours. Its memory stays until the
// toolstack destroys it.
#include <atomic>

#include "kernel/base/log.hpp"
#include "kernel/console/output.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registers.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/sched/sched.hpp"

namespace domains {
namespace {

constinit std::atomic<bool> may_reboot{true};

void say_rest_of_line(Domain& d) {
    auto text = d.text.lock();
    if (text->finish())
        console::domain_line(d.id, text->line());
    text->next();
}

// Several vcpus may end their domain at once: the first one says why.
bool claim(Domain& d, u32 reason) {
    u32 none = Domain::not_shut_down;
    return d.life.load() == Domain::Life::running && d.shutdown_code.compare_exchange_strong(none, reason);
}

// Nothing runs without the initial domain.
[[noreturn]] void end_machine(u32 reason) {
    if (reason == SHUTDOWN_reboot && may_reboot.load())
        machine::reboot();
    if (reason == SHUTDOWN_crash || reason == SHUTDOWN_watchdog)
        machine::panic("the initial domain crashed");
    machine::power_off();
}

void stop(Domain& d, u32 reason) {
    auto expected = Domain::Life::running;
    if (!d.life.compare_exchange_strong(expected, Domain::Life::shutdown))
        return;
    for (Vcpu* const v : d.all_vcpus())
        sched::refresh(*v);
    say_rest_of_line(d);
    Vcpu const* const v = machine::current();
    if (reason == SHUTDOWN_crash && v && &v->domain == &d)
        log_refusals(*v);
    if (reason == SHUTDOWN_crash)
        log_events(d);
    log("d{} {} shut down: {}", d.id, d.name_view(), shutdown_name(reason));
    if (d.id == DomId{0})
        end_machine(reason);
    evtchn::raise_global_virq(VIRQ_DOM_EXC);
}

}  // namespace

void forbid_reboot() {
    may_reboot = false;
}

std::string_view shutdown_name(u32 reason) {
    switch (reason) {
        case SHUTDOWN_poweroff:
            return "poweroff";
        case SHUTDOWN_reboot:
            return "reboot";
        case SHUTDOWN_suspend:
            return "suspend";
        case SHUTDOWN_watchdog:
            return "watchdog";
        case SHUTDOWN_soft_reset:
            return "soft_reset";
        default:
            return "crash";
    }
}

void shutdown(Domain& d, u32 reason) {
    if (claim(d, reason))
        stop(d, reason);
}

void crash(Domain& d, std::string_view why) {
    if (!claim(d, SHUTDOWN_crash))
        return;
    say_rest_of_line(d);
    log("d{} {} crashed: {}", d.id, d.name_view(), why);
    if (Vcpu* const v = machine::current(); v && &v->domain == &d)
        log_registers(*v);
    stop(d, SHUTDOWN_crash);
}

Result<> resume(Domain& d) {
    u32 code = SHUTDOWN_suspend;
    if (d.life.load() != Domain::Life::shutdown ||
        !d.shutdown_code.compare_exchange_strong(code, Domain::not_shut_down))
        return Fail{Errno::inval};
    auto expected = Domain::Life::shutdown;
    if (!d.life.compare_exchange_strong(expected, Domain::Life::running))
        return Fail{Errno::inval};
    for (Vcpu* const v : d.all_vcpus())
        sched::refresh(*v);
    return {};
}

}  // namespace domains
