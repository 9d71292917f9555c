// SPDX-License-Identifier: MIT
#include "kernel/evtchn/channels.hpp"

#include <bit>

#include "kernel/machine/memory.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/sync/assert.hpp"

namespace {

constexpr u64 bit_of(u32 port) {
    return u64{1} << port % 64;
}

// Field by field: somebody may be looking at its state.
void reset(Channel& c) {
    c.vcpu = 0;
    c.peer_id = DomId{};
    c.peer_vcpu = 0;
    c.number = 0;
    c.sends = 0;
    c.peer = nullptr;
}

}  // namespace

ChannelTable::~ChannelTable() {
    for (auto const& bucket : buckets_)
        if (Channel* const channels = bucket.load())
            mm::free_frames(machine::frame_of(channels));
}

Channel& EventChannels::fresh(EvtchnPort port) const {
    constexpr u32 per_bucket = ChannelTable::per_bucket;
    return table_.buckets_[port.raw() / per_bucket].load()[port.raw() % per_bucket];
}

Result<> EventChannels::set_aside() {
    return budget_.resize(max_ports / ChannelTable::per_bucket);
}

Result<EvtchnPort> EventChannels::allocate() {
    u32 word = 0;
    while (word < used_.size() && used_[word] == ~u64{0})
        ++word;
    if (word == used_.size())
        return Fail{Errno::nospc};
    EvtchnPort const port{word * 64 + static_cast<u32>(std::countr_one(used_[word]))};
    auto& bucket = table_.buckets_[port.raw() / ChannelTable::per_bucket];
    if (!bucket.load())
        bucket.store(machine::frame_as<Channel>(TRY(budget_.take())));  // zero is Channel{}
    reset(fresh(port));
    used_[word] |= bit_of(port.raw());
    ++in_use_;
    return port;
}

void EventChannels::release(EvtchnPort port) {
    u32 const p = port.raw();
    if (!HOLDS((used_[p / 64] & bit_of(p)) != 0))
        return;
    used_[p / 64] &= ~bit_of(p);
    fresh(port).state = Channel::State::free;
    --in_use_;
}

u32 EventChannels::next_in_use(u32 from) const {
    for (u32 word = from / 64; word < used_.size(); ++word) {
        u64 bits = used_[word];
        if (word == 0)
            bits &= ~u64{1};
        if (word == from / 64)
            bits &= ~u64{0} << from % 64;
        if (bits != 0)
            return word * 64 + static_cast<u32>(std::countr_zero(bits));
    }
    return max_ports;
}

void EventChannels::set_virq_port(u32 vcpu, u32 virq, EvtchnPort port) {
    table_.virq_ports_[vcpu][virq] = static_cast<u16>(port.raw());
}
