// SPDX-License-Identifier: MIT
// The memory of the initial domain while it is being built, reached through
// the direct map. Shaped for image::GuestMemory.
#pragma once

#include "kernel/domain/domain.hpp"
#include "kernel/mm/heap.hpp"

namespace init {

class Dom0Frames {
    mm::HeapArray<Mfn> p2m_;
    explicit Dom0Frames(mm::HeapArray<Mfn> p2m) : p2m_{std::move(p2m)} {}

  public:
    // Gives `d` its frames, in blocks as large as there are, and tells the M2P.
    // nomem: what was given so far stays with `d`.
    static Result<Dom0Frames> allocate(Domain& d, u64 pages);

    Mfn frame(Pfn pfn) const { return p2m_[pfn.raw()]; }
    std::byte* page(Pfn pfn) const {
        return pfn.raw() < p2m_.size() ? machine::frame_as<std::byte>(frame(pfn)) : nullptr;
    }
};

}  // namespace init
