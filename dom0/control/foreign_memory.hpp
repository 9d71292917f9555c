// SPDX-License-Identifier: MIT
// The memory of a guest under construction, as kernel/image wants to see it: a
// window of its frames is mapped at a time. Frames that become page tables must
// not stay mapped writable, so the window is closed before they are pinned.
#pragma once

#include <functional>
#include <memory>

#include "guest-pv/rt/memory/mapping.hpp"

namespace control {

// Told now and then how much of something long is done.
using Progress = std::function<void(u64 done, u64 whole)>;

class ForeignMemory {
  public:
    // Gives the domain `pages` zeroed frames and learns which.
    static Result<ForeignMemory> populate(DomId domain, u64 pages, Progress const& progress);

    [[nodiscard]] Mfn frame(Pfn pfn) const { return frames_[pfn.raw()]; }
    [[nodiscard]] std::byte* page(Pfn pfn);
    void close_window() { window_ = {}; }

  private:
    ForeignMemory(DomId domain, std::unique_ptr<Mfn[]> frames)
        : domain_{domain}, frames_{std::move(frames)} {}

    DomId domain_;
    std::unique_ptr<Mfn[]> frames_;
    u64 count_ = 0;  // of them
    rt::FrameMapping window_;
    Pfn window_first_{};
    u64 window_pages_ = 0;
};

}  // namespace control
