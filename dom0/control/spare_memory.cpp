// SPDX-License-Identifier: MIT
#include "dom0/control/spare_memory.hpp"

#include <algorithm>

#include "dom0/control/terminal.hpp"
#include "guest-pv/rt/memory/heap.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/memory/reserve.hpp"
#include "guest-pv/rt/thread/thread.hpp"

// A thread's stack, an answer to the monitor or the console's history fit into it
// several times.
usize const rt::reserve_bytes = usize{1} << 20;

namespace control {
namespace {

constexpr Nanos look_interval = rt::second;

// More than all unread events and one commit take.
u64 margin() {
    return std::min(u64{8} << 20, rt::page_counts().total * page_size / 8);
}

// The heap gives no pages back: what is free in it counts, too.
bool has_margin() {
    auto const heap = rt::heap::levels();
    return rt::page_counts().free * page_size + heap.size - heap.used >= margin();
}

std::string kib(u64 bytes) {
    return std::to_string(bytes / 1024) + " KiB";
}

[[noreturn]] void keep() {
    for (;;) {
        rt::reserve::wait_for_use();
        rt::sleep_for(look_interval);
        if (rt::reserve::settle())
            terminal::log("the reserve of memory is whole again");
    }
}

}  // namespace

bool spare_memory::is_there_for_guests() {
    return rt::reserve::refill() && has_margin();
}

std::optional<std::string> spare_memory::shortage() {
    if (is_there_for_guests())
        return std::nullopt;
    return "the driver domain is short of memory, of its reserve of " + kib(rt::reserve_bytes) + " " +
           kib(rt::reserve::left()) + " are left; 'xl destroy' of a guest gives some back";
}

void spare_memory::keep_reserve() {
    rt::spawn("reserve", [] { keep(); });
}

}  // namespace control
