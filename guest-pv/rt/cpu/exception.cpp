// SPDX-License-Identifier: MIT
// Taking CPU exceptions: the trap table, handlers, and the last report.
#include "guest-pv/rt/cpu/exception.hpp"

#include <array>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/boot/stages.hpp"
#include "guest-pv/rt/cpu/probe.hpp"
#include "guest-pv/rt/cpu/report.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/power.hpp"

namespace rt {

namespace {

constexpr usize vectors = 20;

std::array<ExceptionHandler, vectors>& handlers() {
    static std::array<ExceptionHandler, vectors> self;
    return self;
}

// `int3` and `into` are instructions any code may use; the rest is refused.
constexpr u8 privilege(usize vector) {
    return vector == 3 || vector == 4 ? 3 : 0;
}

}  // namespace

extern "C" {
extern u64 const exception_entries[vectors];
void event_upcall();

void handle_exception(Registers* registers) {
    if (resume_probe(*registers))
        return;
    auto& handler = handlers()[registers->vector];
    if (handler && handler(*registers))
        return;
    report_exception(*registers);
    shutdown(Shutdown::crash);
}
}

void on_exception(Vector vector, ExceptionHandler handler) {
    handlers()[static_cast<usize>(vector)] = std::move(handler);
}

u64 fault_address() {
    return shared_info().vcpu_info[0].arch.cr2;
}

void stage::take_exceptions() {
    std::array<trap_info_t, vectors + 1> table{};
    for (usize vector = 0; vector < vectors; vector++)
        table[vector] = {.vector = static_cast<u8>(vector),
                         .flags = privilege(vector),
                         .cs = FLAT_KERNEL_CS,
                         .address = exception_entries[vector]};
    callback_register_t upcall{.type = CALLBACKTYPE_event,
                               .flags = CALLBACKF_mask_events,
                               .address = reinterpret_cast<xen_callback_t>(event_upcall)};
    if (!hypercall::set_trap_table(table.data()) || !hypercall::callback_op(CALLBACKOP_register, upcall))
        panic("exceptions and events cannot be taken");
}

}  // namespace rt
