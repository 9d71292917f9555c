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

}  // namespace

EventChannels::~EventChannels() {
    for (Channel* const bucket : buckets_)
        if (bucket)
            mm::free_frames(machine::frame_of(bucket));
}

Result<EvtchnPort> EventChannels::allocate() {
    u32 word = 0;
    while (word < used_.size() && used_[word] == ~u64{0})
        ++word;
    if (word == used_.size())
        return Fail{Errno::nospc};
    u32 const port = word * 64 + static_cast<u32>(std::countr_one(used_[word]));
    Channel*& bucket = buckets_[port / per_bucket];
    if (!bucket)
        bucket = machine::frame_as<Channel>(TRY(mm::alloc_frames()));  // zero is Channel{}
    bucket[port % per_bucket] = Channel{};
    used_[word] |= bit_of(port);
    ++in_use_;
    return EvtchnPort{port};
}

void EventChannels::release(EvtchnPort port) {
    u32 const p = port.raw();
    ASSERT((used_[p / 64] & bit_of(p)) != 0);
    used_[p / 64] &= ~bit_of(p);
    buckets_[p / per_bucket][p % per_bucket].state = Channel::State::free;
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

EvtchnPort EventChannels::virq_port(u32 vcpu, u32 virq) const {
    return EvtchnPort{virq_ports_[vcpu][virq]};
}

void EventChannels::set_virq_port(u32 vcpu, u32 virq, EvtchnPort port) {
    virq_ports_[vcpu][virq] = static_cast<u16>(port.raw());
}
