// SPDX-License-Identifier: MIT
#include "arch/platform/mmio.hpp"

#include <algorithm>

#include "kernel/base/fixed_vector.hpp"
#include "kernel/sync/assert.hpp"

namespace arch {
namespace {

struct Frames {
    Mfn first{};
    u64 count = 0;
};

// Local APICs and messages to them live here whatever ACPI says.
constexpr Maddr message_window{0xfee00000};
constexpr u64 message_window_bytes = 0x100000;

constinit FixedVector<Frames, 32> kept;

}  // namespace

void keep_frames(Maddr start, u64 bytes) {
    Mfn const first = mfn_of(start);
    ASSERT(kept.push({first, mfn_of(start + bytes - 1) - first + 1}));
}

bool frame_is_ours(Mfn m) {
    if (mfn_of(message_window) <= m && m < mfn_of(message_window + message_window_bytes))
        return true;
    return std::ranges::any_of(kept, [m](Frames const& f) { return f.first <= m && m < f.first + f.count; });
}

}  // namespace arch
