// SPDX-License-Identifier: MIT
// Pages of ours that hold frames of one guest, which it may read for ever: one
// for each place of its receive ring. A card writes to them while the guest's
// request at that place is with it. That they are never used for anything else,
// not even by the next frontend of another guest, is what makes them fit to stay
// granted.
#pragma once

#include <array>

#include "kernel/base/types.hpp"

namespace netback {

class BackendPages {
  public:
    static constexpr u32 count = 256;

    struct Page {
        GrantRef ref{};
        Maddr at{};
    };

    virtual ~BackendPages() = default;

    [[nodiscard]] Page const& of_place(u32 response) const { return pages_[response % count]; }

    // A card may write to them for ever, so they are never free again.
    virtual void lose() = 0;

  protected:
    std::array<Page, count> pages_{};
};

}  // namespace netback
