// SPDX-License-Identifier: MIT
// A 16550 UART whose output is buffered and never lost: put() only waits while
// the buffer is full. Interrupts move the buffer to the wire; without them
// put() still gets everything out by polling.
//
// `Ports` reads and writes a register: u8 in(Reg), void out(Reg, u8). The owner
// provides the lock.
#pragma once

#include <algorithm>
#include <span>
#include <utility>

#include "drivers/serial/byte_queue.hpp"
#include "drivers/serial/registers.hpp"

namespace serial {

template <class Ports>
class Uart {
    // A UART that never becomes ready must not hang the machine. In port reads
    // of 1 us or less: a real one is ready after 87 of them, at 115200 baud, but
    // behind an emulated one somebody has to read, who may be held up.
    static constexpr unsigned patience = 4'000'000;
    static constexpr unsigned patience_at_init = 10'000;

    Ports ports_;
    ByteQueue<16384> output_;
    bool present_ = false;
    bool interrupts_ = false;
    bool holding_ = false;
    bool dead_ = false;
    u64 given_up_ = 0;  // bytes that a dead line did not take
    u64 told_ = 0;      // of those, by take_given_up()

    [[nodiscard]] bool ready() { return (ports_.in(Reg::status)&lsr::transmit_empty) != 0; }

    // One that was waited for in vain is not waited for again until it is ready.
    bool wait_ready() {
        unsigned const most = dead_ ? 1 : patience;
        for (unsigned i = 0; i < most; ++i)
            if (ready()) {
                dead_ = false;
                return true;
            }
        dead_ = true;
        return false;
    }

    // The FIFO is empty when the holding register says so: all of it is free.
    void fill_fifo() {
        for (unsigned n = 0; n < fifo_depth && !output_.empty(); ++n)
            ports_.out(Reg::data, output_.pop());
    }

    void want_transmit_interrupt(bool on) {
        u8 const receive = holding_ ? 0 : ier::received;
        ports_.out(Reg::interrupt, on ? receive | ier::transmit_empty : receive);
    }

    // A sender that heeds the signal stops while its bytes are held back.
    void signal_ready(bool ready) {
        ports_.out(Reg::modem, mcr::interrupt_gate | mcr::dtr | (ready ? mcr::rts : 0));
    }

  public:
    // A chip stuck at "data ready" is not a loop.
    static constexpr usize most_at_once = 4 * fifo_depth;

    constexpr explicit Uart(Ports ports) : ports_{ports} {}

    // Programs the line and finds out by loop-back whether there is a UART.
    bool init(u32 baud) {
        u32 const divisor = clock_hz / 16 / baud;
        ports_.out(Reg::interrupt, 0);
        ports_.out(Reg::line, lcr::divisor_latch);
        ports_.out(Reg::data, static_cast<u8>(divisor));
        ports_.out(Reg::interrupt, static_cast<u8>(divisor >> 8));
        ports_.out(Reg::line, lcr::eight_bits);
        ports_.out(Reg::fifo, fcr::enable | fcr::clear_receiver | fcr::clear_transmitter | fcr::trigger_14);
        ports_.out(Reg::modem, mcr::loopback | mcr::rts | mcr::dtr);
        ports_.out(Reg::data, 0xae);
        present_ = false;
        for (unsigned i = 0; i < patience_at_init && !present_; ++i)
            present_ = has_data();
        present_ = present_ && ports_.in(Reg::data) == 0xae;
        signal_ready(true);
        return present_;
    }

    // From here on on_interrupt() is called for this UART's interrupts.
    void use_interrupts() {
        interrupts_ = present_;
        if (interrupts_)
            want_transmit_interrupt(!output_.empty());
    }

    void put(std::span<u8 const> bytes) {
        if (!present_)
            return;
        for (u8 const b : bytes) {
            if (output_.full())
                drain_some();
            output_.push(b);
        }
        if (interrupts_)
            want_transmit_interrupt(!output_.empty());
        else
            drain();
    }

    // Everything buffered, then these bytes, straight to the wire.
    void put_now(std::span<u8 const> bytes) {
        if (!present_)
            return;
        drain();
        for (u8 const b : bytes)
            if (wait_ready())
                ports_.out(Reg::data, b);
            else
                ++given_up_;
    }

    void drain() {
        while (!output_.empty())
            drain_some();
    }

    // Calls receive(u8) for each byte that came in, as long as there is room for
    // them, and goes on transmitting. What there is no room for stays in the chip,
    // and on the other side, until accept().
    template <class F>
    void on_interrupt(usize room, F&& receive) {
        if (!present_)
            return;
        usize taken = 0;
        for (; taken < std::min(room, most_at_once) && has_data(); ++taken)
            receive(ports_.in(Reg::data));
        if (taken == room && has_data())
            hold();
        if (!output_.empty() && ready())
            fill_fifo();
        want_transmit_interrupt(!output_.empty());
    }

    // There is room again.
    void accept() {
        if (!std::exchange(holding_, false))
            return;
        signal_ready(true);
        want_transmit_interrupt(!output_.empty());
    }
    [[nodiscard]] bool holding() const { return holding_; }

    [[nodiscard]] bool present() const { return present_; }
    [[nodiscard]] u32 buffered() const { return output_.size(); }
    [[nodiscard]] u64 given_up() const { return given_up_; }
    // Those since it was asked last, once the line takes bytes again; else 0.
    [[nodiscard]] u64 take_given_up() {
        return given_up_ != told_ && ready() ? given_up_ - std::exchange(told_, given_up_) : 0;
    }

  private:
    [[nodiscard]] bool has_data() { return (ports_.in(Reg::status)&lsr::data_ready) != 0; }

    void hold() {
        holding_ = true;
        signal_ready(false);
    }

    void drain_some() {
        if (wait_ready()) {
            fill_fifo();
            return;
        }
        given_up_ += output_.size();
        while (!output_.empty())
            output_.pop();
    }
};

}  // namespace serial
