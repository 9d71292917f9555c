// SPDX-License-Identifier: MIT
// The functions lwIP expects of its system.
#include <lwip/sys.h>

#include "guest-pv/rt/power.hpp"
#include "guest-pv/rt/time.hpp"

extern "C" {

// Milliseconds; they may wrap.
u32_t sys_now() {
    return static_cast<u32_t>(rt::now() / rt::millisecond);
}

// For port numbers and initial sequence numbers: unlike at each start, and
// spread out (a xorshift generator), which is what those need.
uint32_t lwip_port_random() {
    static auto state = static_cast<u64>(rt::wall_clock()) | 1;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<uint32_t>(state >> 32);
}

void lwip_port_assert(char const* message) {
    rt::panic(message);
}

}  // extern "C"
