// SPDX-License-Identifier: MIT
// Registers of the 16550 UART (National Semiconductor PC16550D, section 8).
// Each number is an offset from the first port.
#pragma once

#include "kernel/base/types.hpp"

namespace serial {

enum class Reg : u16 {
    data = 0,       // receiver buffer, transmitter holding; divisor low with DLAB
    interrupt = 1,  // interrupt enable; divisor high with DLAB
    fifo = 2,       // write: FIFO control; read: interrupt identification
    line = 3,       // line control
    modem = 4,      // modem control
    status = 5,     // line status
};

namespace ier {
inline constexpr u8 received = 1, transmit_empty = 2;
}
namespace fcr {
inline constexpr u8 enable = 1, clear_receiver = 2, clear_transmitter = 4, trigger_14 = 0xc0;
}
namespace lcr {
inline constexpr u8 eight_bits = 3, divisor_latch = 0x80;
}
namespace mcr {
inline constexpr u8 dtr = 1, rts = 2, loopback = 0x10;
inline constexpr u8 interrupt_gate = 8;  // OUT2: lets the interrupt out of the chip on a PC
}  // namespace mcr
namespace lsr {
inline constexpr u8 data_ready = 1, transmit_empty = 0x20;
}

inline constexpr u32 clock_hz = 1843200;  // divided by 16 for the bit clock
inline constexpr unsigned fifo_depth = 16;

}  // namespace serial
