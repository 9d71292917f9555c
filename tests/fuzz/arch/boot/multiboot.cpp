// SPDX-License-Identifier: MIT
// IM-1: any bytes as what a boot loader left behind: refused, or a record that makes sense
#include "arch/boot/multiboot.hpp"

#include <memory>
#include <vector>

#include "arch/boot/boot_record.hpp"
#include "tests/fuzz/support/input.hpp"

namespace {

constexpr usize memory_bytes = 0x10000, info_at = 0x1000;
constexpr u32 magic_1 = 0x2badb002, magic_2 = 0x36d76289;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, size};
    u32 const magic = input.below(2) == 0 ? magic_1 : magic_2;
    std::vector<u8> memory(memory_bytes);
    auto const info = input.bytes(memory_bytes - info_at);
    std::ranges::copy(info, memory.begin() + info_at);
    auto record = std::make_unique<boot::BootRecord>();
    auto const outcome = boot::parse_multiboot(CheckedBytes{memory}, magic, info_at, *record);
    fuzz::require(outcome || !outcome.error().empty(), "a refusal has a reason");
    return 0;
}
