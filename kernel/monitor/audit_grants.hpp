// SPDX-License-Identifier: MIT
// The audit of grants: the uses of what one domain offers, counted from the
// handles of all domains, against its grant table. In slices, between which
// others may run.
#pragma once

#include "kernel/domain/registry.hpp"
#include "kernel/mm/heap.hpp"
#include "kernel/monitor/findings.hpp"

namespace monitor {

class GrantRecount {
    DomainRef granter_;
    mm::HeapArray<grant::Pins> counted_;  // by entry; empty: there is nothing to count
    DomId mapper_{};                      // whose handles are being counted
    bool all_counted_ = false;
    u32 at_ = 0;  // where the next slice begins, of handles or entries
    u64 in_use_ = 0;

    void count_next(u32 most);
    bool compare_next(u32 most, Findings& found);

  public:
    // nomem.
    static Result<GrantRecount> of(Domain& granter);
    // A slice of handles or entries; false: there are no more.
    bool step(u32 most, Findings& found);
    // Entries, once all were compared.
    [[nodiscard]] u64 in_use() const { return in_use_; }
};

}  // namespace monitor
