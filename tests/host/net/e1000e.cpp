// SPDX-License-Identifier: MIT
// The model's behaviour.
#include "tests/host/net/e1000e.hpp"

#include <algorithm>

namespace devices {

using namespace nic::e1000e;
using nic::intel::CTRL;
using nic::intel::Descriptor;
using nic::intel::MDIC;
using nic::intel::RAH;
using nic::intel::RAL;
using nic::intel::RxDone;
using nic::intel::STATUS;

namespace {

constexpr u32 ring_entries = 256;
constexpr usize buffer = 4096;
constexpr u32 other_causes = 0x0000'ffff;
constexpr u32 base_high = 4;  // behind the low half

}  // namespace

u32 E1000e::load(u32 offset, usize) {
    if (vanished)
        return ~u32{0};
    if (offset == STATUS::offset)
        return STATUS::LU::of(link ? 1 : 0).raw;
    return regs_[offset];
}

void E1000e::store(u32 offset, u32 value, usize) {
    u32 const reset = CTRL::RST::of(1).raw;
    switch (offset) {
        case CTRL::offset:
            // One that hangs stops nothing, and does not end.
            if ((value & reset) == 0 || reset_hangs)
                break;
            regs_.clear();
            mask_ = 0;
            packet_open_ = false;
            regs_[RAL::offset_of(0)] = 0x1200'5452;
            regs_[RAH::offset_of(0)] = 0x8000'5634;
            value &= ~reset;
            break;
        case ICR::offset:
            value = regs_[offset] & ~value;
            break;
        case IMS::offset:
            mask_ |= value;
            break;
        case IMC::offset:
            mask_ &= ~value;
            break;
        case MDIC::offset:
            ++negotiations;
            value |= MDIC::READY::of(1).raw;
            break;
        default:
            break;
    }
    regs_[offset] = value;
    if (offset == TDT::offset && sends)
        transmit();
}

Descriptor* E1000e::descriptor(u32 base, u32 index) {
    Maddr const at{u64{regs_[base + base_high]} << 32 | regs_[base]};
    return reinterpret_cast<Descriptor*>(dma_bytes(at + index * sizeof(Descriptor), sizeof(Descriptor)));
}

void E1000e::transmit() {
    u32& head = regs_[TDH::offset];
    for (; head != regs_[TDT::offset]; head = (head + 1) % ring_entries) {
        auto* const d = descriptor(TDBAL::offset, head);
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
    regs_[ICR::offset] |= ICR::TXQ0::of(1).raw;
}

u32 E1000e::posted() {
    return (regs_[RDT::offset] - regs_[RDH::offset]) % ring_entries;
}

bool E1000e::receive(std::span<std::byte const> frame, u64 says) {
    if (posted() < (frame.size() + buffer - 1) / buffer)
        return false;
    while (!frame.empty()) {
        auto const part = frame.first(std::min(frame.size(), buffer));
        frame = frame.subspan(part.size());
        auto const* const d = descriptor(RDBAL::offset, regs_[RDH::offset]);
        std::byte* const to = dma_bytes(Maddr{d->low}, part.size());
        if (to == nullptr)  // written over by a lie before
            return false;
        std::ranges::copy(part, to);
        write_back(
            (RxDone::DD::of(1) | RxDone::EOP::of(frame.empty() ? 1 : 0) | RxDone::LENGTH::of(part.size()))
                .raw |
            (frame.empty() ? says : 0));
    }
    return true;
}

void E1000e::write_back(u64 high) {
    u32& head = regs_[RDH::offset];
    auto* const d = descriptor(RDBAL::offset, head);
    if (d == nullptr)  // there are no rings
        return;
    // What stood there is gone: the chip may write anything.
    *d = {0xdead'beef'dead'beef, high};
    head = (head + 1) % ring_entries;
    regs_[ICR::offset] |= ICR::RXQ0::of(1).raw;
}

void E1000e::set_link(bool up) {
    link = up;
    regs_[ICR::offset] |= ICR::LSC::of(1).raw;
}

bool E1000e::interrupts(u32 cause) {
    u32& causes = regs_[ICR::offset];
    if ((causes & other_causes) != 0)
        causes |= ICR::OTHER::of(1).raw;
    if ((causes & mask_ & cause) == 0)
        return false;
    causes &= ~(regs_[EIAC::offset] & cause);
    mask_ &= ~(regs_[IAM::offset] & cause);
    return true;
}

}  // namespace devices
