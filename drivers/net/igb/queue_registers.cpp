// SPDX-License-Identifier: MIT
// The chip answers a change of ENABLE by showing it: at once when a queue
// starts, after the frame in progress when it stops.
#include "drivers/net/igb/queue_registers.hpp"

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/regs.hpp"
#include "drivers/net/intel/ring.hpp"

namespace nic::igb {

namespace {

constexpr Nanos switch_limit = 10 * io::millisecond;
constexpr Nanos write_back_time = 100 * io::microsecond;  // of what was done before

template <class Control>
Result<> enable(io::Mmio const& regs, u16 queue, u32 on) {
    regs.write(Control::ENABLE::of(on), queue);
    auto const shown = [&] { return Control::ENABLE::in(regs.read<Control>(queue)) == on; };
    if (!io::wait_until(shown, switch_limit))
        return Fail{Errno::timedout};
    return {};
}

}  // namespace

Result<> start_receiving(io::Mmio const& regs, u16 queue, Maddr ring, u32 tail) {
    regs.write(io::Bits<RDBAL>{static_cast<u32>(ring.raw())}, queue);
    regs.write(io::Bits<RDBAH>{static_cast<u32>(ring.raw() >> 32)}, queue);
    regs.write(io::Bits<RDLEN>{intel::Ring::bytes}, queue);
    regs.write(io::Bits<RDH>{0}, queue);
    regs.write(io::Bits<RDT>{0}, queue);
    regs.write(SRRCTL::BSIZEPACKET::of(buffer_bytes / 1024) |
                   SRRCTL::DESCTYPE::of(desctype_advanced_one_buffer) | SRRCTL::DROP_EN::of(1),
               queue);
    TRY_VOID(enable<RXDCTL>(regs, queue, 1));
    regs.write(io::Bits<RDT>{tail}, queue);
    return {};
}

Result<> start_sending(io::Mmio const& regs, u16 queue, Maddr ring) {
    regs.write(io::Bits<TDBAL>{static_cast<u32>(ring.raw())}, queue);
    regs.write(io::Bits<TDBAH>{static_cast<u32>(ring.raw() >> 32)}, queue);
    regs.write(io::Bits<TDLEN>{intel::Ring::bytes}, queue);
    regs.write(io::Bits<TDH>{0}, queue);
    regs.write(io::Bits<TDT>{0}, queue);
    return enable<TXDCTL>(regs, queue, 1);
}

Result<> stop_receiving(io::Mmio const& regs, u16 queue) {
    TRY_VOID(enable<RXDCTL>(regs, queue, 0));
    io::pause_for(write_back_time);
    return {};
}

Result<> stop_sending(io::Mmio const& regs, u16 queue) {
    TRY_VOID(enable<TXDCTL>(regs, queue, 0));
    io::pause_for(write_back_time);
    return {};
}

Result<> stop_all_queues(io::Mmio const& regs) {
    for (u16 queue = 0; queue < queue_count; ++queue) {
        TRY_VOID(enable<RXDCTL>(regs, queue, 0));
        TRY_VOID(enable<TXDCTL>(regs, queue, 0));
    }
    io::pause_for(write_back_time);
    return {};
}

u32 take_missed(io::Mmio const& regs, u16 queue) {
    auto const missed = regs.read<RQDPC>(queue);
    bool const vanished = missed.raw == intel::surprise_removed.raw;
    return vanished ? 0 : static_cast<u32>(RQDPC::COUNT::in(missed));
}

}  // namespace nic::igb
