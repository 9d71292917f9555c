// SPDX-License-Identifier: MIT
// Trading a domain's frames for others, all or nothing (MM-2).
#pragma once

#include "kernel/mm/page.hpp"

namespace mm {

// Frames taken out of a domain, frozen: nobody can refer to them (PT-12). What
// has not been replaced when this ends goes back to the domain as it was.
class Exchange {
    PageOwner& owner_;
    u32 head_ = 0;  // the frames, linked
    u64 count_ = 0;

  public:
    explicit Exchange(PageOwner& owner) : owner_{owner} {}
    Exchange(Exchange const&) = delete;
    Exchange& operator=(Exchange const&) = delete;
    ~Exchange();

    // inval: not the domain's own; busy: mapped or otherwise in use.
    Result<> take(PageInfo& p);
    // Gives the domain a fresh, zeroed block for what was taken, which is freed.
    // As many frames must have been taken. nomem; `below_bits` as of
    // alloc_domain_frames.
    Result<Mfn> replace(unsigned order, unsigned below_bits);
};

}  // namespace mm
