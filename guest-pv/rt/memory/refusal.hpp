// SPDX-License-Identifier: MIT
// Memory refused on purpose, to see what becomes of a guest and of those that
// need it (LC-3). A place is where this guest's code asks, told apart also by
// what lies between it and the allocator: functions of the C++ library and their like. With `refuse=N` on
// the command line the N-th place that asks is refused the first time, with
// `refuse=each` every place is, after the start of the kit. Any such word also
// lets a program choose, as the driver domain does for the monitor.
#pragma once

#include <functional>
#include <string_view>

#include "kernel/base/types.hpp"

namespace rt {

// Whether what asks for memory is to be refused: `frame` is the allocator's
// frame pointer. One that is for the first time, is told of on the console.
bool is_refused(void const* frame);

// As above, where a hypercall stands for the allocator: the place is the caller.
bool is_refused_here();

// Where the function of this frame was called from, the library left out.
void const* place_of(void const* frame);

void begin_refusals();

namespace refusal {

enum class Plan : u8 {
    none,
    nth,   // the N-th place that asks, once
    next,  // the next place that was not yet, once
    each,  // every place, once
    all,   // whoever asks
};

struct Place {
    u64 key = 0;
    void const* address = nullptr;
    u64 asked = 0;
    u64 refused = 0;
};

// Whether the command line had such a word.
[[nodiscard]] bool is_allowed();
void set_plan(Plan plan);
void for_each(std::function<void(Place const&)> const& look);

}  // namespace refusal
}  // namespace rt
