// SPDX-License-Identifier: MIT
// The driver's side of a split virtqueue.
#include "drivers/virtio/split_ring.hpp"

#include <algorithm>

namespace virtio {

Result<SplitRing> SplitRing::create(u16 size) {
    usize const available = size * sizeof(Descriptor);
    usize const used = round_up(available + (3U + size) * sizeof(u16), alignof(u32));
    usize const bytes = used + 3U * sizeof(u16) + size * sizeof(UsedElement);
    return SplitRing{size, TRY(io::DmaMemory::allocate(bytes))};
}

SplitRing::SplitRing(u16 size, io::DmaMemory memory)
    : size_{size}, memory_{std::move(memory)}, next_(size), length_(size) {
    std::byte* const base = memory_.bytes().data();
    table_ = {reinterpret_cast<Descriptor*>(base), size};
    auto* const available = reinterpret_cast<u16*>(base + available_offset());
    available_flags_ = available;
    available_index_ = available + 1;
    available_entries_ = available + 2;
    wanted_event_ = available + 2 + size;
    auto* const used = reinterpret_cast<u16*>(base + used_offset());
    used_flags_ = used;
    used_index_ = used + 1;
    used_entries_ = reinterpret_cast<UsedElement*>(used + 2);
    wanted_notify_ = reinterpret_cast<u16*>(used_entries_ + size);
}

void SplitRing::clear(bool by_index) {
    std::ranges::fill(memory_.bytes(), std::byte{0});
    std::ranges::fill(length_, u16{0});
    for (u16 i = 0; i < size_; ++i)
        next_[i] = static_cast<u16>(i + 1);
    first_free_ = 0;
    free_ = size_;
    added_ = published_ = seen_ = 0;
    by_index_ = by_index;
    asked_ = broken_ = false;
    // An event that has just gone by comes again after all others.
    io::store_once(*wanted_event_, static_cast<u16>(seen_ - 1));
    io::store_once(*available_flags_, by_index ? u16{0} : no_interrupt);
}

void SplitRing::add(std::span<Piece const> chain) {
    u16 const head = first_free_;
    u16 place = head;
    for (usize i = 0; i < chain.size(); ++i) {
        Piece const& piece = chain[i];
        bool const last = i + 1 == chain.size();
        place = first_free_;
        first_free_ = next_[place];
        table_[place] = {piece.at.raw(), piece.bytes,
                         static_cast<u16>((piece.device_writes ? flag_write : 0) | (last ? 0 : flag_next)),
                         last ? u16{0} : first_free_};
    }
    length_[head] = static_cast<u16>(chain.size());
    free_ = static_cast<u16>(free_ - chain.size());
    io::store_once(available_entries_[added_ % size_], head);
    ++added_;
}

// 2.7.13.3 and 2.7.10: what is asked for is looked at after the index was written.
bool SplitRing::publish() {
    if (added_ == published_)
        return false;
    u16 const before = published_;
    published_ = added_;
    io::store_once(*available_index_, published_);
    io::full_barrier();
    if (!by_index_)
        return (io::load_once(*used_flags_) & no_notify) == 0;
    u16 const wanted = io::load_once(*wanted_notify_);
    return static_cast<u16>(published_ - wanted - 1) < static_cast<u16>(published_ - before);
}

std::optional<Used> SplitRing::take() {
    if (broken_ || !pending())
        return std::nullopt;
    if (asked_ && !by_index_)
        io::store_once(*available_flags_, no_interrupt);
    asked_ = false;
    UsedElement const& element = used_entries_[seen_ % size_];
    u32 const id = io::load_once(element.id);
    u32 const bytes = io::load_once(element.bytes);
    if (id >= size_ || length_[id] == 0) {
        broken_ = true;
        return std::nullopt;
    }
    ++seen_;
    release(static_cast<u16>(id));
    return Used{static_cast<u16>(id), bytes};
}

void SplitRing::release(u16 head) {
    u16 last = head;
    for (u16 i = 1; i < length_[head]; ++i)
        last = next_[last];
    next_[last] = first_free_;
    first_free_ = head;
    free_ = static_cast<u16>(free_ + length_[head]);
    length_[head] = 0;
}

bool SplitRing::ask() {
    if (broken_)
        return false;
    asked_ = true;
    if (by_index_)
        io::store_once(*wanted_event_, seen_);
    else
        io::store_once(*available_flags_, u16{0});
    io::full_barrier();
    return pending();
}

}  // namespace virtio
