// SPDX-License-Identifier: MIT
// One interrupt vector of the chip (datasheet 7.3). It masks itself when its
// message is sent (EIAM), so that whoever polls is left alone until he arms it.
#pragma once

#include "drivers/io/mmio.hpp"
#include "drivers/net/igb/regs.hpp"
#include "drivers/net/intel/moderation.hpp"

namespace nic::igb {

constexpr u32 vector_bit(u16 vector) {
    return u32{1} << vector;
}

inline void set_interval(io::Mmio const& regs, u16 vector, intel::Moderation const& moderation) {
    regs.write(EITR::INTERVAL::of(moderation.interval_us()), vector);
}

// What came before is no cause any more: look for it after arming.
inline void arm_vector(io::Mmio const& regs, u16 vector, intel::Moderation& moderation) {
    if (moderation.armed())
        set_interval(regs, vector, moderation);
    regs.write(io::Bits<EICR>{vector_bit(vector)});
    regs.write(io::Bits<EIMS>{vector_bit(vector)});
}

// QEMU's model does not know EIAM, so a handler says it once more.
inline void mask_vector(io::Mmio const& regs, u16 vector) {
    regs.write(io::Bits<EIMC>{vector_bit(vector)});
}

}  // namespace nic::igb
