// SPDX-License-Identifier: MIT
// Slabs: a frame of equal objects, its description at its start. A frame whose
// last object is freed goes back to the frame allocator.
#include "kernel/mm/heap.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstring>

#include "kernel/machine/memory.hpp"
#include "kernel/mm/alloc_fault.hpp"
#include "kernel/mm/frame_alloc.hpp"

namespace mm {
namespace {

constexpr usize smallest = 64;  // a cache line; what T may be aligned to
constexpr usize largest = page_size / 4;

struct Slab {
    Slab* next;
    Slab* prev;
    void* free;  // chain through the first word of each free object
    u32 in_use;
    u32 object_size;
};
static_assert(sizeof(Slab) <= smallest);

// Slabs with room, per size class.
using Classes = std::array<Slab*, std::bit_width(largest / smallest)>;
constinit Locked<Classes, Rank::heap> classes;
constinit std::atomic<u64> bytes_in_use{0};

usize class_of(usize bytes) {
    return static_cast<usize>(std::bit_width((bytes - 1) / smallest));
}
usize size_of_class(usize c) {
    return smallest << c;
}
unsigned order_for(usize bytes) {
    return static_cast<unsigned>(std::bit_width(pages_for(bytes) - 1));
}

Slab* slab_of(void* p) {
    return reinterpret_cast<Slab*>(reinterpret_cast<uptr>(p) & ~page_mask);
}

void link(Slab*& head, Slab& s) {
    s.prev = nullptr;
    s.next = head;
    if (head)
        head->prev = &s;
    head = &s;
}

void unlink(Slab*& head, Slab& s) {
    (s.prev ? s.prev->next : head) = s.next;
    if (s.next)
        s.next->prev = s.prev;
}

void put_object(Slab& s, void* p) {
    std::memcpy(p, &s.free, sizeof s.free);
    s.free = p;
}

void* take_object(Slab& s) {
    void* const p = s.free;
    std::memcpy(&s.free, p, sizeof s.free);
    ++s.in_use;
    return p;
}

Result<Slab*> make_slab(usize object_size) {
    auto* const base = machine::frame_as<std::byte>(TRY(alloc_frames()));
    auto* const s = ::new (base) Slab{nullptr, nullptr, nullptr, 0, static_cast<u32>(object_size)};
    usize const first = object_size < sizeof(Slab) ? sizeof(Slab) : object_size;
    for (usize at = first; at + object_size <= page_size; at += object_size)
        put_object(*s, base + at);
    return s;
}

// An object from a slab that has room, or null.
void* take_from_class(usize c) {
    auto const list = classes.lock();
    Slab* const s = (*list)[c];
    if (!s)
        return nullptr;
    void* const p = take_object(*s);
    if (!s->free)
        unlink((*list)[c], *s);
    return p;
}

Result<void*> take_or_grow(usize c) {
    for (;;) {
        if (void* const p = take_from_class(c))
            return p;
        // Not under our lock: the frame allocator's has the same rank.
        Slab* const fresh = TRY(make_slab(size_of_class(c)));
        link((*classes.lock())[c], *fresh);
    }
}

// The slab's frame, when nothing in it is used any more.
Slab* give_to_class(usize c, void* p) {
    auto const list = classes.lock();
    Slab& s = *slab_of(p);
    ASSERT(s.object_size == size_of_class(c));
    if (!s.free)
        link((*list)[c], s);
    put_object(s, p);
    if (--s.in_use != 0)
        return nullptr;
    unlink((*list)[c], s);
    return &s;
}

}  // namespace

Result<void*> heap_alloc(usize bytes) {
    if (alloc_fault::strikes(__builtin_return_address(0))) [[unlikely]]
        return Fail{Errno::nomem};
    if (bytes > largest) {
        unsigned const order = order_for(bytes);
        Mfn const m = TRY(alloc_frames(order));
        bytes_in_use.fetch_add(page_size << order, std::memory_order_relaxed);
        return machine::frame_ptr(m);
    }
    usize const c = class_of(bytes);
    void* const p = TRY(take_or_grow(c));
    bytes_in_use.fetch_add(size_of_class(c), std::memory_order_relaxed);
    return std::memset(p, 0, size_of_class(c));
}

void heap_free(void* p, usize bytes) {
    if (bytes > largest) {
        unsigned const order = order_for(bytes);
        bytes_in_use.fetch_sub(page_size << order, std::memory_order_relaxed);
        free_frames(machine::frame_of(p), order);
        return;
    }
    usize const c = class_of(bytes);
    bytes_in_use.fetch_sub(size_of_class(c), std::memory_order_relaxed);
    if (Slab* const empty = give_to_class(c, p))
        free_frames(machine::frame_of(empty), 0);
}

u64 heap_bytes_in_use() {
    return bytes_in_use.load(std::memory_order_relaxed);
}

}  // namespace mm
