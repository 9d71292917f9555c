// SPDX-License-Identifier: MIT
#include "tests/host/memory.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "kernel/mm/m2p.hpp"
#include "kernel/sync/assert.hpp"

namespace host {
namespace {

#ifndef GRANITE_HOST_RAM_FRAMES
#define GRANITE_HOST_RAM_FRAMES ram_frames  // fuzzers have less: they count all of it after each step
#endif
constexpr u64 present_frames = GRANITE_HOST_RAM_FRAMES;
constexpr u64 table_frames = ram_start.raw() + present_frames;
constexpr u64 before_hole = std::min(present_frames, hole_start - ram_start);
constexpr u64 behind_hole = present_frames - std::min(present_frames, before_hole + hole_frames);

struct Ram {
    alignas(1 << 21) std::array<std::byte, present_frames * page_size> bytes;
    std::array<PageInfo, table_frames + 1> records;
    std::array<u64, table_frames> m2p;
};
Ram ram;

}  // namespace

void power_on() {
    static bool const on = [] {
        std::array const ranges{mm::FrameRange{ram_start, before_hole},
                                mm::FrameRange{hole_start + hole_frames, behind_hole}};
        ram.m2p.fill(~u64{0});
        mm::init_frames(ram.records.data(), Mfn{table_frames}, ranges);
        mm::init_m2p(ram.m2p.data(), Mfn{table_frames});
        for (auto const& r : ranges)
            mm::add_free(r);
        return true;
    }();
    static_cast<void>(on);
}

Tlb& tlb() {
    static Tlb the_tlb;
    return the_tlb;
}

GuestSpace& guest() {
    static GuestSpace space;
    return space;
}

void GuestSpace::map(Vaddr va, void* bytes, usize n, bool writable) {
    for (usize at = 0; at < n; at += page_size)
        pages_[(va.raw() + at) >> page_shift] = {static_cast<std::byte*>(bytes) + at, writable};
}

void GuestSpace::unmap(Vaddr va, usize n) {
    for (usize at = 0; at < n; at += page_size)
        pages_.erase((va.raw() + at) >> page_shift);
}

void GuestSpace::watch_reads() {
    watching_ = true;
    read_.clear();
    read_twice_ = false;
}

bool GuestSpace::read_twice() {
    watching_ = false;
    return read_twice_;
}

void GuestSpace::note_read(u64 va, usize n) const {
    for (u64 at = va; at < va + n; ++at)
        read_twice_ = !read_.insert(at).second || read_twice_;
}

bool GuestSpace::copy(void* buffer, Vaddr va, usize n, bool write) const {
    auto* p = static_cast<std::byte*>(buffer);
    if (watching_ && !write)
        note_read(va.raw(), n);
    for (u64 at = va.raw(); n != 0;) {
        auto const page = pages_.find(at >> page_shift);
        if (page == pages_.end() || (write && !page->second.writable))
            return false;
        usize const offset = at & page_mask;
        usize const part = std::min<usize>(n, page_size - offset);
        std::byte* const in_guest = page->second.bytes + offset;
        std::memcpy(write ? in_guest : p, write ? p : in_guest, part);
        at += part;
        p += part;
        n -= part;
    }
    return true;
}

}  // namespace host

namespace machine {

void* frame_ptr(Mfn m) {
    u64 const index = m - host::ram_start;
    ASSERT(index < host::present_frames);
    return host::ram.bytes.data() + index * page_size;
}

Mfn frame_of(void const* p) {
    auto const offset = static_cast<u64>(static_cast<std::byte const*>(p) - host::ram.bytes.data());
    return host::ram_start + offset / page_size;
}

bool copy_from_guest(void* to, Vaddr from, usize n) {
    return host::guest().copy(to, from, n, false);
}

bool copy_to_guest(Vaddr to, void const* from, usize n) {
    return host::guest().copy(const_cast<void*>(from), to, n, true);
}

GuestAccess::GuestAccess() = default;
GuestAccess::~GuestAccess() = default;
bool GuestAccess::load(Vaddr from, u64& to) const {
    return copy_from_guest(&to, from, sizeof to);
}
bool GuestAccess::load(Vaddr from, u32& to) const {
    return copy_from_guest(&to, from, sizeof to);
}
bool GuestAccess::load(Vaddr from, u16& to) const {
    return copy_from_guest(&to, from, sizeof to);
}
bool GuestAccess::store(Vaddr to, u64 value) const {
    return copy_to_guest(to, &value, sizeof value);
}
bool GuestAccess::store(Vaddr to, u32 value) const {
    return copy_to_guest(to, &value, sizeof value);
}
bool GuestAccess::store(Vaddr to, u16 value) const {
    return copy_to_guest(to, &value, sizeof value);
}

void flush_tlb(CpuMask cpus) {
    host::tlb().flushes.push_back(cpus);
    host::tlb().flushed_at = ++host::tlb().clock;
}

void flush_tlb_page(CpuMask, Vaddr va) {
    host::tlb().page_flushes.push_back(va);
}

u32 tlb_clock() {
    return host::tlb().clock;
}

CpuMask tlb_stale(u32 stamp) {
    return host::tlb().flushed_at <= stamp ? 1 : 0;
}

}  // namespace machine
