// SPDX-License-Identifier: MIT
// Receiving (datasheet 7.1.4.3 and 4.5.9).
#include "drivers/net/igb/rx_queue.hpp"

namespace nic::igb {

Result<> RxQueue::start(io::Mmio const& regs) {
    TRY_VOID(ring_.fill());
    return start_receiving(regs, index_, ring_.maddr(), ring_.tail());
}

u32 RxQueue::receive(io::Mmio const& regs, std::span<PacketRef> into, QueueCounters& counters) {
    u32 const before = ring_.tail();
    if (ring_.full())
        ask_missed(regs, counters);
    u32 const count = ring_.receive(into, counters);
    if (ring_.tail() != before)
        regs.write(io::Bits<RDT>{ring_.tail()}, index_);
    return count;
}

}  // namespace nic::igb
