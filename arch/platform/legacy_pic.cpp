// SPDX-License-Identifier: MIT
#include "arch/platform/legacy_pic.hpp"

#include "arch/cpu/io.hpp"

namespace arch {

// Initialisation words of the 8259A datasheet. Even masked they may raise a
// spurious interrupt, which must not look like an exception.
void mask_legacy_pic() {
    constexpr u16 master = 0x20, slave = 0xa0;
    constexpr u8 begin_four_words = 0x11, mode_8086 = 1, all_masked = 0xff;
    out8(master, begin_four_words);
    out8(slave, begin_four_words);
    out8(master + 1, 0x20);  // first vector
    out8(slave + 1, 0x28);
    out8(master + 1, 1 << 2);  // the slave hangs on input 2
    out8(slave + 1, 2);
    out8(master + 1, mode_8086);
    out8(slave + 1, mode_8086);
    out8(master + 1, all_masked);
    out8(slave + 1, all_masked);
}

}  // namespace arch
