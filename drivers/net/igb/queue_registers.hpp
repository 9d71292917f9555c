// SPDX-License-Identifier: MIT
// Switching queues of the chip on and off (datasheet 4.5.9, 4.5.10).
#pragma once

#include "drivers/io/mmio.hpp"
#include "kernel/base/result.hpp"

namespace nic::igb {

// A ring whose descriptors up to `tail` are the chip's.
Result<> start_receiving(io::Mmio const& regs, u16 queue, Maddr ring, u32 tail);
// An empty ring.
Result<> start_sending(io::Mmio const& regs, u16 queue, Maddr ring);

// Errno::timedout: the chip does not say that it has stopped.
Result<> stop_receiving(io::Mmio const& regs, u16 queue);
Result<> stop_sending(io::Mmio const& regs, u16 queue);

// Those of everybody, whoever had started them. As above.
Result<> stop_all_queues(io::Mmio const& regs);

// Frames that found the ring full since this was asked last. The chip counts to
// 4095 at most, so it is to be asked whenever the ring is found full.
u32 take_missed(io::Mmio const& regs, u16 queue);

}  // namespace nic::igb
