// SPDX-License-Identifier: MIT
// What this domain keeps of its memory for itself: nobody would start it anew,
// so it must not run out. Two steps: guests get nothing more as long as less
// than a margin is free; and what finds none all the same is served from a
// reserve (guest-pv/rt/memory/reserve.hpp), and until that can be filled again they
// get nothing either.
#pragma once

#include <optional>
#include <string>

namespace control::spare_memory {

// Whether guests, old or new, may make this domain keep more.
[[nodiscard]] bool is_there_for_guests();
// If not, why: for whoever wanted to add something.
[[nodiscard]] std::optional<std::string> shortage();

// Starts the thread that fills the reserve once there is memory, and says so.
void keep_reserve();

}  // namespace control::spare_memory
