// SPDX-License-Identifier: MIT
// Backend pages in the grant table. What a guest still has mapped when they go
// is kept until it has not: a guest that never unmaps costs what it was given,
// until it ends.
#pragma once

#include <memory>
#include <vector>

#include "dom0/net/netback/backend_pages.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "kernel/base/result.hpp"

namespace netback {

class GrantedPages final : public BackendPages {
  public:
    // Sets there may be at a time, those that are kept included: more than cards
    // have queues, and a bound of what guests can pin here.
    static constexpr u32 most_sets = 16;

    // Zeroed. Errno::nospc: there are so many.
    static Result<std::shared_ptr<BackendPages>> make(DomId guest);
    ~GrantedPages() override;
    GrantedPages(GrantedPages const&) = delete;
    GrantedPages& operator=(GrantedPages const&) = delete;

    // From time to time: what is kept, and need not be any more.
    static void free_unmapped();

    void lose() override { lost_ = true; }

  private:
    struct Granted {
        rt::Pages page;
        rt::Grant grant;
    };
    GrantedPages() = default;

    std::vector<Granted> granted_;
    bool lost_ = false;

    // Of all guests.
    static inline u32 sets = 0;
    static inline std::vector<std::vector<Granted>> kept;
};

}  // namespace netback
