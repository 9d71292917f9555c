// SPDX-License-Identifier: MIT
// What `new` allocates from, with its books: the C library's own have other
// types in its header than in its code.
#pragma once

#include "kernel/base/types.hpp"

namespace rt::heap {

// Null: there is no more.
void* allocate(usize bytes);
void free(void* memory);

struct Levels {
    u64 size = 0;  // what it has grown to; it gives no pages back
    u64 used = 0;  // of it, with what is said in front of each block
};
Levels levels();

}  // namespace rt::heap
