// SPDX-License-Identifier: MIT
// Memory set aside at the start of a guest that others cannot do without. There
// are no exceptions, so whoever asks for memory and is refused must end; here
// `new` is then served from the reserve, and the guest stops taking on what it
// need not, until the reserve is whole again.
#pragma once

#include "kernel/base/types.hpp"

namespace rt {

// How much, unless the program says otherwise: nothing.
extern usize const reserve_bytes;

namespace reserve {

// For `operator new` alone, when the heap has nothing for `place`, where it was
// called. The first use since the last settle() is told of on the console.
// Null: there is nothing of that size left.
void* take(usize bytes, void const* place);
// False: this is of the heap.
bool give_back(void* memory);

[[nodiscard]] bool is_whole();
[[nodiscard]] usize left();
// How often something was taken.
[[nodiscard]] u64 uses();

// Sets aside what is missing. False: there is not that much.
bool refill();

// Waits for a use that is told of; and ends that, if the reserve can be filled.
void wait_for_use();
bool settle();

}  // namespace reserve
}  // namespace rt
