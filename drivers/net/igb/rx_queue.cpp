// SPDX-License-Identifier: MIT
// Receiving (datasheet 7.1.4.3 and 4.5.9).
#include "drivers/net/igb/rx_queue.hpp"

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/regs.hpp"

namespace nic::igb {

Result<> RxQueue::start(io::Mmio const& regs) {
    TRY_VOID(ring_.fill());
    u64 const at = ring_.maddr().raw();
    regs.write(io::Bits<RDBAL>{static_cast<u32>(at)}, index_);
    regs.write(io::Bits<RDBAH>{static_cast<u32>(at >> 32)}, index_);
    regs.write(io::Bits<RDLEN>{intel::Ring::bytes}, index_);
    regs.write(SRRCTL::BSIZEPACKET::of(buffer_bytes / 1024) |
                   SRRCTL::DESCTYPE::of(desctype_advanced_one_buffer) | SRRCTL::DROP_EN::of(1),
               index_);
    regs.write(RXDCTL::ENABLE::of(1), index_);
    auto const enabled = [&] { return RXDCTL::ENABLE::in(regs.read<RXDCTL>(index_)) != 0; };
    if (!io::wait_until(enabled, 10 * io::millisecond))
        return Fail{Errno::timedout};
    regs.write(io::Bits<RDT>{ring_.tail()}, index_);
    return {};
}

u32 RxQueue::receive(io::Mmio const& regs, std::span<PacketRef> into, Counters& counters) {
    u32 const before = ring_.tail();
    u32 const count = ring_.receive(into, counters);
    if (ring_.tail() != before)
        regs.write(io::Bits<RDT>{ring_.tail()}, index_);
    return count;
}

}  // namespace nic::igb
