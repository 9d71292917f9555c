// SPDX-License-Identifier: MIT
// Memory that a device may read and write: consecutive in machine addresses.
#pragma once

#include "guest-pv/rt/memory/pages.hpp"

namespace rt {

class DmaMemory {
  public:
    // Zeroed, page aligned. One page always works; a run that no stretch of
    // this domain's memory offers is exchanged with the hypervisor.
    static Result<DmaMemory> allocate(usize bytes);

    DmaMemory() = default;

    [[nodiscard]] std::byte* data() const { return pages_.data(); }
    [[nodiscard]] std::span<std::byte> bytes() const { return pages_.bytes(); }
    [[nodiscard]] Maddr maddr(usize offset = 0) const { return maddr_of(pages_.mfn()) + offset; }
    [[nodiscard]] Mfn mfn(usize page = 0) const { return pages_.mfn(page); }

  private:
    explicit DmaMemory(Pages pages) : pages_{std::move(pages)} {}

    Pages pages_;
};

}  // namespace rt
