// SPDX-License-Identifier: MIT
#include "arch/platform/power.hpp"

#include "arch/cpu/io.hpp"
#include "arch/platform/clock.hpp"
#include "arch/platform/cpus.hpp"
#include "arch/platform/ports.hpp"
#include "kernel/machine/console.hpp"

namespace arch {
namespace {

constinit acpi::Power power;
constinit std::optional<acpi::SleepType> soft_off;

// PM1 control register, ACPI 4.8.3.2.1.
constexpr u16 acpi_mode = 1, sleep_enable = 1u << 13;
constexpr unsigned sleep_type_shift = 10;

constexpr u16 reset_control = 0xcf9;
constexpr u8 full_reset = 0x06, arm_reset = 0x02;
constexpr u16 keyboard_command = 0x64;
constexpr u8 pulse_reset = 0xfe;

[[noreturn]] void stop(std::string_view why) {
    machine::console_put_now(why);
    for (;;)
        asm volatile("cli\n\thlt");
}

// The firmware gives up the power registers when asked to.
void enter_acpi_mode() {
    if ((in16(power.pm1a_control) & acpi_mode) != 0 || power.smi_command == 0 || power.acpi_enable == 0)
        return;
    out8(power.smi_command, power.acpi_enable);
    for (unsigned i = 0; i < 3000 && (in16(power.pm1a_control) & acpi_mode) == 0; ++i)
        spin(1000);
}

void sleep(u16 port, u8 type) {
    if (port != 0)
        out16(port, static_cast<u16>(type << sleep_type_shift | sleep_enable));
}

}  // namespace

void init_power(acpi::Machine const& machine) {
    power = machine.power.value_or(acpi::Power{});
    soft_off = machine.soft_off;
    keep_ports(power);
}

}  // namespace arch

namespace machine {

void power_off() {
    using namespace arch;
    stop_other_cpus();
    console_put_now({});  // what is still buffered
    if (soft_off && power.pm1a_control != 0) {
        enter_acpi_mode();
        sleep(power.pm1a_control, soft_off->a);
        sleep(power.pm1b_control, soft_off->b);
        spin(1000000);
    }
    stop("(GR) the machine may be switched off now\r\n");
}

void reboot() {
    using namespace arch;
    stop_other_cpus();
    console_put_now({});
    if (power.reset_port != 0) {
        out8(power.reset_port, power.reset_value);
        spin(100000);
    }
    out8(reset_control, arm_reset);
    out8(reset_control, full_reset);
    spin(100000);
    out8(keyboard_command, pulse_reset);
    spin(100000);
    stop("(GR) this machine does not reset\r\n");
}

}  // namespace machine
