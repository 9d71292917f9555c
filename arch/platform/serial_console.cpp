// SPDX-License-Identifier: MIT
#include "arch/platform/serial_console.hpp"

#include <array>
#include <atomic>

#include "arch/cpu/io.hpp"
#include "drivers/serial/uart.hpp"
#include "kernel/base/fixed_vector.hpp"
#include "kernel/base/format.hpp"
#include "kernel/console/input.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/sched/timer.hpp"
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

// A driver domain that does not read gets this long. Then what is typed is
// lost, but the way to the monitor is behind it.
constexpr Nanos patience = 2'000'000'000;
constinit std::atomic<bool> out_of_patience{false};

void stop_holding(Timer&, void*) {
    line.acquire();
    out_of_patience.store(uart.holding());
    uart.accept();
    line.release();
}
constinit Timer patience_timer{.fn = stop_holding};

// The driver domain may have read just before the bytes were held back.
void wait_for_room() {
    if (console::input_room() != 0)
        machine::console_accept();
    else if (!timers::armed(patience_timer))
        timers::arm(patience_timer, machine::now() + patience);
}

std::span<u8 const> as_bytes(std::string_view s) {
    return {reinterpret_cast<u8 const*>(s.data()), s.size()};
}

// A line on which nothing is said of what is missing would look complete.
void tell_of_loss() {
    u64 const lost = uart.take_given_up();
    if (lost == 0)
        return;
    std::array<char, 64> text;
    uart.put(as_bytes(text::format_to(text, "\n(GR) {} bytes lost on this line\n", lost)));
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
    FixedVector<u8, serial::Uart<Com1>::most_at_once> received;
    usize const room = out_of_patience.load() ? serial::Uart<Com1>::most_at_once : console::input_room();
    line.acquire();
    uart.on_interrupt(room, [&](u8 b) { static_cast<void>(received.push(b)); });
    bool const holding = uart.holding();
    line.release();
    // Listeners print, so they are told without the lock.
    for (u8 const b : received)
        console::input(static_cast<char>(b));
    if (holding)
        wait_for_room();
}

}  // namespace arch

namespace machine {

void console_put(std::string_view bytes) {
    arch::line.acquire();
    arch::tell_of_loss();
    arch::uart.put(arch::as_bytes(bytes));
    arch::line.release();
}

void console_put_now(std::string_view bytes) {
    arch::uart.put_now(arch::as_bytes(bytes));
}

void console_accept() {
    arch::out_of_patience.store(false);
    arch::line.acquire();
    arch::uart.accept();
    arch::line.release();
}

}  // namespace machine
