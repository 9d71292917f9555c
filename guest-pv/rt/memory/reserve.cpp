// SPDX-License-Identifier: MIT
#include "guest-pv/rt/memory/reserve.hpp"

#include <utility>

#include "guest-pv/rt/boot/layout.h"
#include "guest-pv/rt/boot/stages.hpp"
#include "guest-pv/rt/cpu/report.hpp"
#include "guest-pv/rt/console.hpp"
#include "guest-pv/rt/memory/block_list.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/memory/refusal.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"

namespace rt {

namespace {

// In use before constructors run: these must need none.
constinit BlockList blocks;
constinit WaitQueue used;
constinit u64 times_used = 0;
constinit bool told = false;

bool is_of_heap(void const* memory) {
    return reinterpret_cast<u64>(memory) >= RT_HEAP_BASE;
}

void tell(void const* place) {
    console_write("out of memory at ");
    write_place(reinterpret_cast<u64>(place));
    console_write(": served from the reserve, ");
    write_number(reserve::left() / 1024);
    console_write(" KiB left\n");
}

bool add(usize pages) {
    auto more = Pages::allocate(pages);
    if (!more)
        return false;
    blocks.add(more->bytes());
    more->release();
    return true;
}

}  // namespace

void* reserve::take(usize bytes, void const* place) {
    void* const memory = blocks.allocate(bytes);
    if (memory == nullptr)
        return nullptr;
    ++times_used;
    if (!std::exchange(told, true))
        tell(place);
    used.wake_all();
    return memory;
}

bool reserve::give_back(void* memory) {
    if (memory == nullptr || is_of_heap(memory))
        return false;
    blocks.free(memory);
    return true;
}

bool reserve::is_whole() {
    return left() >= reserve_bytes;
}

usize reserve::left() {
    return blocks.free_bytes();
}

u64 reserve::uses() {
    return times_used;
}

void reserve::wait_for_use() {
    while (!told)
        used.wait();
}

bool reserve::settle() {
    told = told && !refill();
    return !told;
}

bool reserve::refill() {
    while (!is_whole())
        if (!add(pages_for(reserve_bytes - left())) && !add(1))
            return false;
    return true;
}

// What finds too little at its start finds out when it needs it.
void stage::set_memory_aside() {
    static_cast<void>(reserve::refill());
    begin_refusals();
}

}  // namespace rt
