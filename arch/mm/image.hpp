// SPDX-License-Identifier: MIT
// Where the linker put the hypervisor's parts (arch/boot/granite.lds).
#pragma once

#include "arch/mm/layout.hpp"

extern "C" {
extern std::byte const image_start[], image_text[], image_rodata[], image_data[], image_data_end[],
    image_end[];
// What a CPU needs to come in from a guest, each in pages of its own.
extern std::byte const entry_text[], entry_text_end[], entry_data[], entry_data_end[];
// The start-up code, from load_address on, and its page tables. Neither is
// mapped here: these are names for image_maddr().
extern std::byte const boot_code_end[], boot_tables[];
}

namespace arch {

inline constexpr Maddr load_address{0x200000};  // the first byte, with the start-up code

// The physical address of something in the image.
inline Maddr image_maddr(void const* p) {
    return Maddr{reinterpret_cast<u64>(p) - image_base};
}

}  // namespace arch
