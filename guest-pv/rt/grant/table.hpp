// SPDX-License-Identifier: MIT
// This guest's grant table (version 1): entries that other domains' use is
// judged by, shared with the hypervisor, and the list of free ones.
#pragma once

#include <optional>
#include <vector>

#include "guest-pv/rt/grant/grant.hpp"

namespace rt {

class GrantTable {
  public:
    Result<GrantRef> allow(DomId peer, Mfn frame, Access access);
    // False while the peer uses the entry; nothing has changed then.
    bool end(GrantRef ref);
    // Never to be used again.
    void abandon(GrantRef) {
        counts_.leaked++;
        counts_.active--;
    }

    [[nodiscard]] GrantCounts const& counts() const { return counts_; }

  private:
    Result<> grow();
    [[nodiscard]] grant_entry_v1_t& entry(GrantRef ref) const {
        return reinterpret_cast<grant_entry_v1_t*>(window_.data())[ref.raw()];
    }

    Window window_;  // room for as many frames as the table may ever have
    usize frames_ = 0;
    std::vector<GrantRef> free_;
    GrantCounts counts_;
};

GrantTable& grant_table();

}  // namespace rt
