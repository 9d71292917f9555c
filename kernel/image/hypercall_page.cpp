// SPDX-License-Identifier: MIT
#include "kernel/image/hypercall_page.hpp"

#include <algorithm>
#include <array>

#include "kernel/abi/xen.hpp"

namespace image {
namespace {

constexpr usize stub_size = 32;
constexpr u8 filler = 0xcc;  // int3: nobody falls through a stub unnoticed

// push %rcx; push %r11; mov $number, %eax; syscall; pop %r11; pop %rcx; ret
constexpr std::array<u8, 14> call_stub{0x51, 0x41, 0x53, 0xb8, 0,    0,    0,
                                       0,    0x0f, 0x05, 0x41, 0x5b, 0x59, 0xc3};
constexpr usize number_in_call_stub = 4;

// push %rcx; push %r11; push %rax; mov $23, %eax; syscall. It is jumped to, with
// the frame to return through on the stack, and does not come back.
constexpr std::array<u8, 11> iret_stub{0x51, 0x41, 0x53, 0x50, 0xb8, __HYPERVISOR_iret, 0, 0, 0, 0x0f, 0x05};

void put(std::span<u8 const> code, std::span<std::byte> stub) {
    std::ranges::copy(std::as_bytes(code), stub.begin());
}

}  // namespace

void fill_hypercall_page(std::span<std::byte, page_size> page) {
    std::ranges::fill(page, std::byte{filler});
    for (u8 number = 0; number < page_size / stub_size; ++number) {
        auto const stub = page.subspan(number * stub_size, stub_size);
        put(call_stub, stub);
        stub[number_in_call_stub] = std::byte{number};
    }
    auto const iret = page.subspan(__HYPERVISOR_iret * stub_size, stub_size);
    std::ranges::fill(iret, std::byte{filler});
    put(iret_stub, iret);
}

}  // namespace image
