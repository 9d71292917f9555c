// SPDX-License-Identifier: MIT
// CPU exceptions in words, for the last words of whoever took one that it did
// not expect.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

namespace exceptions {

inline constexpr u64 page_fault = 14;

constexpr std::string_view name(u64 vector) {
    switch (vector) {
        case 0:
            return "divide error";
        case 1:
            return "debug exception";
        case 2:
            return "non-maskable interrupt";
        case 3:
            return "breakpoint";
        case 6:
            return "invalid opcode";
        case 8:
            return "double fault";
        case 10:
            return "invalid TSS";
        case 11:
            return "segment not present";
        case 12:
            return "stack fault";
        case 13:
            return "general protection fault";
        case page_fault:
            return "page fault";
        case 17:
            return "alignment check";
        case 18:
            return "machine check";
        default:
            return "exception";
    }
}

// Of a page fault's error code: "0x10 was read, which is not mapped".
constexpr std::string_view access(u64 error) {
    constexpr u64 write = 1 << 1, fetch = 1 << 4;
    return (error & write) != 0 ? "written" : (error & fetch) != 0 ? "executed" : "read";
}
constexpr std::string_view objection(u64 error) {
    constexpr u64 present = 1 << 0, reserved = 1 << 3;
    if ((error & present) == 0)
        return "not mapped";
    return (error & reserved) != 0 ? "mapped by a malformed entry" : "not allowed there";
}

}  // namespace exceptions
