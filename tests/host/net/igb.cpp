// SPDX-License-Identifier: MIT
// The model's behaviour.
#include "tests/host/net/igb.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace devices {

using nic::intel::CTRL;
using nic::intel::MDIC;
using nic::intel::RAL;
using nic::intel::STATUS;
using namespace nic::igb;

namespace {

constexpr u32 ring_entries = 256;
constexpr u32 rst = u32{1} << 26;
constexpr u32 mdi_ready = u32{1} << 28;
constexpr u32 enable = u32{1} << 25;
constexpr u64 whole_frame = 3;  // DD and EOP

std::optional<u16> tag_of(std::span<std::byte const> frame) {
    if (frame[12] != std::byte{0x81} || frame[13] != std::byte{0})
        return std::nullopt;
    return static_cast<u16>(static_cast<u32>(frame[14]) << 8 | static_cast<u32>(frame[15]));
}

void count_missed(u32& counter) {
    if (counter != RQDPC::COUNT::mask())
        ++counter;
}

template <class R>
std::optional<u32> index_in(u32 offset) {
    for (u32 i = 0; i < R::count; ++i)
        if (offset == R::offset_of(i))
            return i;
    return std::nullopt;
}

}  // namespace

u32 Igb::load(u32 offset, usize) {
    if (vanished)
        return ~u32{0};
    if (offset == STATUS::offset)
        return link ? 0x2 : 0;
    if (offset == ICR::offset || offset == nic::intel::MPC::offset || index_in<RQDPC>(offset))
        return std::exchange(regs_[offset], 0);
    return regs_[offset];
}

void Igb::reset(u32 control) {
    ++resets;
    regs_[CTRL::offset] = control;
    if (reset_hangs)  // and stops nothing
        return;
    regs_.clear();
    regs_[RAL::offset_of(0)] = 0x1200'5452;
    regs_[nic::intel::RAH::offset_of(0)] = 0x8000'5634;
    regs_[CTRL::offset] = control & ~rst;
    packet_open_ = false;
}

void Igb::store(u32 offset, u32 value, usize) {
    if (offset == CTRL::offset && (value & rst) != 0)
        return reset(value);
    if (never_stops && (index_in<RXDCTL>(offset) || index_in<TXDCTL>(offset)))
        value |= enable;
    if (offset == MDIC::offset) {
        ++negotiations;
        value |= mdi_ready;
    }
    regs_[offset] = value;
    if (auto const queue = index_in<TDT>(offset); queue && sends)
        transmit(*queue);
    if (between_stores)
        between_stores();
}

Descriptor* Igb::descriptor(u32 base_low, u32 base_high, u32 index) {
    Maddr const at{u64{regs_[base_high]} << 32 | regs_[base_low]};
    return reinterpret_cast<Descriptor*>(dma_bytes(at + index * sizeof(Descriptor), sizeof(Descriptor)));
}

void Igb::transmit(u32 queue) {
    u32& head = regs_[TDH::offset_of(queue)];
    for (; head != regs_[TDT::offset_of(queue)]; head = (head + 1) % ring_entries) {
        auto* const d = descriptor(TDBAL::offset_of(queue), TDBAH::offset_of(queue), head);
        if (TxData::TYPE::in({d->high}) == type_context) {
            contexts.push_back(*d);
            continue;
        }
        put(*d);
        if (!packet_open_)
            send(std::exchange(packet_, {}), queue % nic::igb::pool_count);
        if (TxData::RS::in({d->high}) != 0)
            d->high = TxData::DD::of(1).raw;
    }
}

void Igb::put(Descriptor const& data) {
    if (!packet_open_)
        commands.push_back(data.high);
    u64 const length = TxData::LENGTH::in({data.high});
    auto const* const bytes = dma_bytes(Maddr{data.low}, length);
    packet_.insert(packet_.end(), bytes, bytes + length);
    packet_open_ = TxData::EOP::in({data.high}) == 0;
}

void Igb::send(std::vector<std::byte> frame, u32 pool) {
    bool const inside = DTXSWC::LOOPBACK_EN::in({regs_[DTXSWC::offset]}) != 0 && deliver(frame, pool);
    if (!inside)
        sent.push_back(std::move(frame));
}

u32 Igb::pools_of(std::span<std::byte const> frame) {
    u32 pools = 0;
    auto const destination = nic::Mac::at(frame.data());
    for (u32 i = 0; i < nic::igb::pool_count; ++i) {
        if (destination.is_group() && VMOLR::BAM::in({regs_[VMOLR::offset_of(i)]}) != 0)
            pools |= u32{1} << i;
        std::array<std::byte, 8> address{};
        u32 const low = regs_[RAL::offset_of(i)];
        u32 const high = regs_[nic::intel::RAH::offset_of(i)];
        std::memcpy(address.data(), &low, 4);
        std::memcpy(address.data() + 4, &high, 2);
        if (high >> 31 != 0 && destination == nic::Mac::at(address.data()))
            pools |= static_cast<u32>(nic::igb::RAH::POOLSEL::in({high}));
    }
    return pools;
}

bool Igb::deliver(std::span<std::byte const> frame, u32 from) {
    bool const group = nic::Mac::at(frame.data()).is_group();
    u32 pools = pools_of(frame);
    bool const owned = pools != 0 && !group;
    pools &= members(frame);
    if (pools == 0 && from == nobody && !group)
        pools = u32{1} << VT_CTL::DEF_PL::in({regs_[VT_CTL::offset]});
    pools &= regs_[VFRE::offset];
    if (prunes && from != nobody)
        pools &= ~(u32{1} << from);
    for (u32 i = 0; i < nic::igb::pool_count; ++i) {
        bool const fits = frame.size() + 4 <= VMOLR::RLPML::in({regs_[VMOLR::offset_of(i)]});
        bool const strips = group ? RPLOLR::STRVLAN::in({regs_[RPLOLR::offset]}) != 0
                                  : VMOLR::STRVLAN::in({regs_[VMOLR::offset_of(i)]}) != 0;
        if ((pools >> i & 1) != 0 && fits && !write(frame, strips, i + spread(frame, i)))
            count_missed(regs_[RQDPC::offset_of(i + spread(frame, i))]);
    }
    return owned;
}

// In whose network it is, as far as the chip looks at that.
u32 Igb::members(std::span<std::byte const> frame) {
    u32 pools = 0;
    if (RCTL::VFE::in({regs_[RCTL::offset]}) == 0)
        return ~pools;
    auto const tag = tag_of(frame);
    for (u32 i = 0; i < nic::igb::pool_count; ++i)
        if (!tag && VMOLR::AUPE::in({regs_[VMOLR::offset_of(i)]}) != 0)
            pools |= u32{1} << i;
    for (u32 i = 0; i < VLVF::count; ++i) {
        io::Bits<VLVF> const entry{regs_[VLVF::offset_of(i)]};
        if (tag && VLVF::VI_EN::in(entry) != 0 && VLVF::VLAN::in(entry) == (*tag & 0xfff))
            pools |= VLVF::POOLSEL::in(entry);
    }
    return pools;
}

bool Igb::write(std::span<std::byte const> frame, bool strips, u32 queue) {
    auto const tag = tag_of(frame);
    if (!strips || !tag)
        return receive(frame, whole_frame, queue);
    std::vector<std::byte> bare(frame.begin(), frame.begin() + 12);
    bare.insert(bare.end(), frame.begin() + 16, frame.end());
    return receive(bare, whole_frame | nic::igb::RxDone::VP::of(1).raw | u64{*tag} << 48, queue);
}

// The sum of the ports stands for the hash, of which nobody sees more than that
// it is always the same for a connection.
u32 Igb::spread(std::span<std::byte const> frame, u32 pool) {
    constexpr usize ports = 34;
    bool const spreads = MRQC::ENABLE::in({regs_[MRQC::offset]}) == mrqc_pools_rss &&
                         VMOLR::RSSE::in({regs_[VMOLR::offset_of(pool)]}) != 0;
    if (!spreads || frame.size() < ports + 4 || frame[12] != std::byte{8} || frame[13] != std::byte{0})
        return 0;
    u32 const hash = static_cast<u32>(frame[ports + 1]) + static_cast<u32>(frame[ports + 3]);
    return regs_[RETA::offset_of(hash % 128 / 4)] >> hash % 4 * 8 & 0xff;
}

bool Igb::receive(std::span<std::byte const> frame, u64 status, u32 queue) {
    u32 const head = regs_[RDH::offset_of(queue)];
    if ((regs_[RXDCTL::offset_of(queue)] & enable) == 0 || head == regs_[RDT::offset_of(queue)])
        return false;
    auto* const d = descriptor(RDBAL::offset_of(queue), RDBAH::offset_of(queue), head);
    std::byte* const buffer = dma_bytes(Maddr{d->low}, frame.size());
    if (buffer == nullptr)  // written over by a lie before
        return false;
    std::ranges::copy(frame, buffer);
    write_back(status | u64{frame.size()} << 32, queue);
    return true;
}

void Igb::set_link(bool up) {
    link = up;
    regs_[ICR::offset] |= IMS::LSC::of(1).raw;
}

void Igb::write_back(u64 high, u32 queue) {
    u32& head = regs_[RDH::offset_of(queue)];
    auto* const d = descriptor(RDBAL::offset_of(queue), RDBAH::offset_of(queue), head);
    if (d == nullptr)  // there are no rings
        return;
    *d = {0xdead'beef'dead'beef, high};  // what stood there is gone: the chip may write anything
    head = (head + 1) % ring_entries;
}

}  // namespace devices
