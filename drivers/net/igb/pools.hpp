// SPDX-License-Identifier: MIT
// Which frames go to which pool of queues (VMDq, datasheet 7.10.3). Pool 0 is
// the driver domain's and gets all that is nobody's; each of the others belongs
// to one station. Frames from one pool to another stay inside the chip.
#pragma once

#include "drivers/io/mmio.hpp"
#include "drivers/net/own_queue.hpp"

namespace nic::igb::pools {

// After a reset: pool 0 alone.
void start(io::Mmio const& regs, Mac own);

// Its queues may send from now on, and receive what admit() lets in.
void open(io::Mmio const& regs, u16 pool);
void close(io::Mmio const& regs, u16 pool);

// The station's frames, broadcasts and multicasts go to the pool; and no longer.
void admit(io::Mmio const& regs, u16 pool, Station const& station);
void dismiss(io::Mmio const& regs, u16 pool);

// An admitted station's pool gets broadcasts and multicasts, or none.
void hear_groups(io::Mmio const& regs, u16 pool, Station const& station, bool on);

// Frames from pool to pool need not leave the chip. Off while pool 0 is alone:
// there is nobody to hand them to.
void switch_inside(io::Mmio const& regs, bool on);

}  // namespace nic::igb::pools
