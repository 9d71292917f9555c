// SPDX-License-Identifier: MIT
// Sending (datasheet 7.2.2 and 4.5.10).
#include "drivers/net/igb/tx_queue.hpp"

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/regs.hpp"

namespace nic::igb {

Result<> TxQueue::start(io::Mmio const& regs) {
    ring_.clear();
    u64 const at = ring_.maddr().raw();
    regs.write(io::Bits<TDBAL>{static_cast<u32>(at)}, index_);
    regs.write(io::Bits<TDBAH>{static_cast<u32>(at >> 32)}, index_);
    regs.write(io::Bits<TDLEN>{intel::Ring::bytes}, index_);
    regs.write(TXDCTL::ENABLE::of(1), index_);
    auto const enabled = [&] { return TXDCTL::ENABLE::in(regs.read<TXDCTL>(index_)) != 0; };
    if (!io::wait_until(enabled, 10 * io::millisecond))
        return Fail{Errno::timedout};
    return {};
}

u32 TxQueue::transmit(io::Mmio const& regs, std::span<PacketRef> packets, Nanos now, Counters& counters) {
    u32 const count = ring_.transmit(packets, now, counters);
    if (count != 0)
        regs.write(io::Bits<TDT>{ring_.tail()}, index_);
    return count;
}

}  // namespace nic::igb
