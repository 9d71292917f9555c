// SPDX-License-Identifier: MIT
#include "arch/platform/rtc.hpp"

#include "arch/cpu/io.hpp"

namespace arch {
namespace {

constexpr u16 index_port = 0x70, data_port = 0x71;
constexpr u8 nmi_off = 0x80;  // shares the index port; NMIs stay enabled
constexpr u8 status_a = 0x0a, status_b = 0x0b, century_register = 0x32;
constexpr u8 updating = 0x80, mode_24h = 0x02, mode_binary = 0x04;

u8 read_register(u8 n) {
    out8(index_port, static_cast<u8>(n & ~nmi_off));
    return in8(data_port);
}

RtcTime read_once() {
    u8 const mode = read_register(status_b);
    return {read_register(0),
            read_register(2),
            read_register(4),
            read_register(7),
            read_register(8),
            read_register(9),
            read_register(century_register),
            (mode & mode_binary) != 0,
            (mode & mode_24h) != 0};
}

}  // namespace

s64 read_rtc_seconds() {
    // An update takes 2 ms at most; a chip that is always updating is broken.
    for (unsigned i = 0; i < 10000 && (read_register(status_a) & updating) != 0; ++i) {
    }
    // Two equal readings were not torn by an update.
    RtcTime last = read_once();
    for (unsigned i = 0; i < 10; ++i) {
        RtcTime const again = read_once();
        if (again == last)
            break;
        last = again;
    }
    return rtc_seconds(last);
}

}  // namespace arch
