// SPDX-License-Identifier: MIT
// The page of call stubs that older guests ask for: 128 stubs of 32 bytes.
// Freestanding, used by hypervisor and toolstack.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "kernel/base/types.hpp"

namespace abi {

inline void fill_hypercall_page(std::span<std::byte, page_size> page) {
    constexpr usize stub_size = 32;
    constexpr u32 iret = 23;
    // push %rcx; push %r11; mov $nr, %eax; syscall; pop %r11; pop %rcx; ret
    constexpr std::array<u8, 15> call{0x51, 0x41, 0x53, 0xb8, 0,    0,    0,   0,
                                      0x0f, 0x05, 0x41, 0x5b, 0x59, 0xc3, 0xcc};
    // iret does not return: push %rcx; push %r11; push %rax; mov $23, %eax; syscall
    constexpr std::array<u8, 15> leave{0x51, 0x41, 0x53, 0x50, 0xb8, iret, 0,   0,
                                       0,    0x0f, 0x05, 0xcc, 0xcc, 0xcc, 0xcc};
    std::ranges::fill(page, std::byte{0xcc});
    for (u32 nr = 0; nr < page_size / stub_size; ++nr) {
        std::byte* const stub = page.data() + nr * stub_size;
        std::memcpy(stub, nr == iret ? leave.data() : call.data(), call.size());
        if (nr != iret)
            std::memcpy(stub + 4, &nr, sizeof nr);
    }
}

}  // namespace abi
