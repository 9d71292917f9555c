// SPDX-License-Identifier: MIT
// Sending (datasheet 7.2.2 and 4.5.10).
#include "drivers/net/igb/tx_queue.hpp"

#include "drivers/net/igb/queue_registers.hpp"
#include "drivers/net/igb/regs.hpp"

namespace nic::igb {

Result<> TxQueue::start(io::Mmio const& regs) {
    ring_.clear();
    return start_sending(regs, index_, ring_.maddr());
}

Result<> TxQueue::stop(io::Mmio const& regs) {
    return stop_sending(regs, index_);
}

u32 TxQueue::transmit(io::Mmio const& regs, std::span<PacketRef> packets, QueueCounters& counters) {
    u32 const count = ring_.transmit(packets, counters);
    if (count != 0)
        regs.write(io::Bits<TDT>{ring_.tail()}, index_);
    return count;
}

}  // namespace nic::igb
