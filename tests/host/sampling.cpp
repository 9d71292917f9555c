// SPDX-License-Identifier: MIT
// Sampling as the host answers it: nothing interrupts, tests take samples
// themselves. Functions are 4 KiB long and called by their number.
#include "kernel/machine/sampling.hpp"

#include <array>

#include "kernel/base/format.hpp"
#include "tests/host/sampling.hpp"

namespace host {

unsigned sampling_hz = 0;
bool can_sample = true;

}  // namespace host

namespace machine {

Result<> start_sampling(u32 hz) {
    if (!host::can_sample)
        return Fail{Errno::nodev};
    host::sampling_hz = hz;
    return {};
}

void stop_sampling() {
    host::sampling_hz = 0;
}

Symbol function_at(u64 address) {
    static std::array<char, 32> name;
    return {.name = text::format_to(name, "function_{}", address / page_size), .offset = address % page_size};
}

}  // namespace machine
