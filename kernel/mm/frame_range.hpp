// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/base/types.hpp"

struct FrameRange {
    Mfn first{};
    u64 frames = 0;
    [[nodiscard]] constexpr bool contains(Mfn m) const {
        return first <= m && m.raw() - first.raw() < frames;
    }
};
