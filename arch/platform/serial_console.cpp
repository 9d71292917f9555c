// SPDX-License-Identifier: MIT
#include "arch/platform/serial_console.hpp"

#include "arch/cpu/io.hpp"
#include "drivers/serial/uart.hpp"
#include "kernel/base/fixed_vector.hpp"
#include "kernel/console/input.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/sync/lock.hpp"

namespace arch {
namespace {

struct Com1 {
    static constexpr u16 first = 0x3f8;
    static constexpr u16 port(serial::Reg r) { return static_cast<u16>(first + static_cast<u16>(r)); }
    u8 in(serial::Reg r) { return in8(port(r)); }
    void out(serial::Reg r, u8 v) { out8(port(r), v); }
};

constinit serial::Uart<Com1> uart{Com1{}};
// A leaf below every ranked lock: whoever prints may hold any of them.
constinit TicketLock line;

std::span<u8 const> as_bytes(std::string_view s) {
    return {reinterpret_cast<u8 const*>(s.data()), s.size()};
}

}  // namespace

void init_serial() {
    uart.init(115200);
}

void serial_use_interrupts() {
    line.acquire();
    uart.use_interrupts();
    line.release();
}

void serial_interrupt() {
    FixedVector<u8, 64> received;
    line.acquire();
    uart.on_interrupt([&](u8 b) { static_cast<void>(received.push(b)); });
    line.release();
    // Listeners print, so they are told without the lock.
    for (u8 const b : received)
        console::input(static_cast<char>(b));
}

}  // namespace arch

namespace machine {

void console_put(std::string_view bytes) {
    arch::line.acquire();
    arch::uart.put(arch::as_bytes(bytes));
    arch::line.release();
}

void console_put_now(std::string_view bytes) {
    arch::uart.put_now(arch::as_bytes(bytes));
}

}  // namespace machine
