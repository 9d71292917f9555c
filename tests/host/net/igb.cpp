// SPDX-License-Identifier: MIT
// The model's behaviour.
#include "tests/host/net/igb.hpp"

#include <utility>

namespace devices {

using nic::intel::CTRL;
using nic::intel::MDIC;
using nic::intel::RAH;
using nic::intel::RAL;
using nic::intel::STATUS;
using namespace nic::igb;

namespace {

constexpr u32 ring_entries = 256;
constexpr u32 rst = u32{1} << 26;
constexpr u32 mdi_ready = u32{1} << 28;

}  // namespace

u32 Igb::load(u32 offset) {
    if (vanished)
        return ~u32{0};
    if (offset == STATUS::offset)
        return link ? 0x2 : 0;
    if (offset == ICR::offset)
        return std::exchange(regs_[offset], 0);
    return regs_[offset];
}

void Igb::store(u32 offset, u32 value) {
    if (offset == CTRL::offset && (value & rst) != 0) {
        ++resets;
        regs_.clear();
        regs_[RAL::offset_of(0)] = 0x1200'5452;
        regs_[RAH::offset_of(0)] = 0x8000'5634;
        regs_[offset] = reset_hangs ? value : value & ~rst;
        return;
    }
    regs_[offset] = offset == MDIC::offset ? value | mdi_ready : value;
    if (offset == TDT::offset_of(0) && sends)
        transmit();
}

Descriptor* Igb::descriptor(u32 base_low, u32 base_high, u32 index) {
    Maddr const at{u64{regs_[base_high]} << 32 | regs_[base_low]};
    return reinterpret_cast<Descriptor*>(dma_bytes(at + index * sizeof(Descriptor), sizeof(Descriptor)));
}

void Igb::transmit() {
    u32& head = regs_[TDH::offset_of(0)];
    for (; head != regs_[TDT::offset_of(0)]; head = (head + 1) % ring_entries) {
        auto* const d = descriptor(TDBAL::offset_of(0), TDBAH::offset_of(0), head);
        if (TxData::TYPE::in({d->high}) == type_context) {
            contexts.push_back(*d);
            continue;
        }
        if (!packet_open_) {
            sent.emplace_back();
            commands.push_back(d->high);
        }
        u64 const length = TxData::LENGTH::in({d->high});
        auto const* const bytes = dma_bytes(Maddr{d->low}, length);
        sent.back().insert(sent.back().end(), bytes, bytes + length);
        packet_open_ = TxData::EOP::in({d->high}) == 0;
        if (TxData::RS::in({d->high}) != 0)
            d->high = TxData::DD::of(1).raw;
    }
}

bool Igb::receive(std::span<std::byte const> frame, u64 status) {
    u32 const head = regs_[RDH::offset_of(0)];
    if (head == regs_[RDT::offset_of(0)])
        return false;
    auto* const d = descriptor(RDBAL::offset_of(0), RDBAH::offset_of(0), head);
    std::memcpy(dma_bytes(Maddr{d->low}, frame.size()), frame.data(), frame.size());
    write_back(status | u64{frame.size()} << 32);
    return true;
}

void Igb::set_link(bool up) {
    link = up;
    regs_[ICR::offset] |= IMS::LSC::of(1).raw;
}

void Igb::write_back(u64 high) {
    u32& head = regs_[RDH::offset_of(0)];
    auto* const d = descriptor(RDBAL::offset_of(0), RDBAH::offset_of(0), head);
    *d = {0xdead'beef'dead'beef, high};  // what stood there is gone: the chip may write anything
    head = (head + 1) % ring_entries;
}

}  // namespace devices
