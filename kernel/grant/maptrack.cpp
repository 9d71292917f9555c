// SPDX-License-Identifier: MIT
#include "kernel/grant/maptrack.hpp"

#include <algorithm>

#include "kernel/machine/memory.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/sync/assert.hpp"

Maptrack::~Maptrack() {
    for (u32 i = 0; i < capacity_ / per_frame; ++i)
        mm::free_frames(machine::frame_of(frames_at_[i]));
}

Result<> Maptrack::set_limit(u32 max_frames) {
    max_frames_ = std::min(max_frames, frames_ceiling);
    return budget_.resize(max_frames_);
}

Result<> Maptrack::grow() {
    u32 const frame = capacity_ / per_frame;
    if (frame >= max_frames_)
        return Fail{Errno::nospc};
    frames_at_[frame] = machine::frame_as<MapRecord>(TRY(budget_.take()));
    capacity_ += per_frame;
    for (u32 i = capacity_; i-- > capacity_ - per_frame;) {
        at(i) = MapRecord{};
        at(i).ref = GrantRef{first_free_};
        first_free_ = i;
    }
    return {};
}

Result<u32> Maptrack::take_free() {
    if (first_free_ == none)
        TRY_VOID(grow());
    u32 const i = first_free_;
    first_free_ = at(i).ref.raw();
    ++in_use_;
    return i;
}

Result<GrantHandle> Maptrack::allocate() {
    MapRecord empty;
    empty.in_use = empty.busy = true;
    return add(empty);
}

Result<GrantHandle> Maptrack::add(MapRecord const& record) {
    u32 const i = TRY(take_free());
    at(i) = record;
    return GrantHandle{i};
}

void Maptrack::release(GrantHandle h) {
    MapRecord& r = at(h.raw());
    if (!HOLDS(r.in_use))
        return;
    r = MapRecord{};
    r.ref = GrantRef{first_free_};
    first_free_ = h.raw();
    --in_use_;
}

u32 Maptrack::next_in_use(u32 from) const {
    while (from < capacity_ && !at(from).in_use)
        ++from;
    return std::min(from, capacity_);
}
