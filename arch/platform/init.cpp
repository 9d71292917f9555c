// SPDX-License-Identifier: MIT
#include "arch/platform/init.hpp"

#include <algorithm>

#include "arch/cpu/features.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/mm/device_frames.hpp"
#include "arch/platform/clock.hpp"
#include "arch/platform/cpus.hpp"
#include "arch/platform/debug_exit.hpp"
#include "arch/platform/io_apic.hpp"
#include "arch/platform/irq.hpp"
#include "arch/platform/legacy_pic.hpp"
#include "arch/platform/local_apic.hpp"
#include "arch/platform/panic.hpp"
#include "arch/platform/pirq.hpp"
#include "arch/platform/power.hpp"
#include "arch/platform/serial_console.hpp"
#include "kernel/base/log.hpp"
#include "kernel/machine/console.hpp"

namespace arch {
namespace {

void log_acpi(acpi::Machine const& m) {
    log("ACPI: {} CPUs, {} IO-APICs, HPET {}, power-off {}", m.interrupts ? m.interrupts->cpus.size() : 0,
        m.interrupts ? m.interrupts->io_apics.size() : 0, m.hpet.has_value(), m.soft_off.has_value());
    if (m.damaged > 0)
        log("ACPI: {} damaged tables skipped", m.damaged);
}

void keep(Maddr start, u64 bytes) {
    if (!restrict_device_frames(start, bytes, DeviceAccess::none))
        machine::panic("ACPI names too many devices");
}

// PT-15: what domains must not reach by mapping it.
void keep_device_memory(acpi::Machine const& m) {
    // Local APICs and messages to them live here whatever ACPI says.
    constexpr Maddr message_window{0xfee00000};
    constexpr u64 message_window_bytes = 0x100000;
    keep(message_window, message_window_bytes);
    keep(Maddr{m.interrupts->local_apic}, page_size);
    for (acpi::IoApic const& a : m.interrupts->io_apics)
        keep(Maddr{a.address}, page_size);
    if (m.hpet)
        keep(*m.hpet, page_size);
    constexpr u64 bytes_per_bus = 1u << 20;
    for (acpi::ConfigWindow const& w : m.config_windows)
        keep(w.base + w.first_bus * bytes_per_bus, (w.last_bus - w.first_bus + 1u) * bytes_per_bus);
}

void init_serial_interrupt() {
    if (route_to_hypervisor(gsi_of_isa(serial_isa_irq), vector::serial))
        serial_use_interrupts();
    else
        log("the serial line has no interrupt: there is no input");
}

}  // namespace

FixedVector<u32, 64> init_platform(BootInfo const& info) {
    set_debug_exit(debug_exit_port(info.cmdline));
    mask_legacy_pic();
    acpi::Machine const machine = acpi::discover(info.rsdp);
    if (!machine.interrupts)
        machine::panic("no usable ACPI tables: Granite needs them to find the interrupt controllers");
    log_acpi(machine);
    keep_device_memory(machine);
    init_power(machine);

    auto const& ids = machine.interrupts->cpus;
    local_apic::init(Maddr{machine.interrupts->local_apic}, ids.empty() ? 0 : std::ranges::max(ids.view()));
    local_apic::init_cpu();
    this_cpu_local().apic_id = local_apic::id();
    io_apic::init(machine.interrupts->io_apics.view());
    init_pirqs(machine.interrupts->overrides.view());

    init_clock(start_reference_clock(machine));
    init_timer();
    init_serial_interrupt();
    log("CPU {}, {} physical address bits, {}{}", std::string_view{features.vendor.data(), 12},
        features.physical_bits, features.smep ? "SMEP " : "", features.smap ? "SMAP" : "");
    join_online_cpus();
    return ids;
}

}  // namespace arch
