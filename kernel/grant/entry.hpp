// SPDX-License-Identifier: MIT
// One grant as the hypervisor sees it: the entry shared with the granter, and
// our own record of who uses it. Only the record is believed (GT-02).
#pragma once

#include "kernel/abi/xen.hpp"
#include "kernel/base/types.hpp"

namespace grant {

// What a use of a grant may do. `copy` counts as a host use while it lasts.
struct Use {
    bool device = false;
    bool write = false;
    friend bool operator==(Use, Use) = default;
};

// How many uses of each kind an entry has; all zero: the entry is not in use.
class Pins {
    u8 counts_[4] = {};

    static constexpr unsigned slot(Use u) { return unsigned{u.device} * 2 + unsigned{u.write}; }

  public:
    [[nodiscard]] u8 count(Use u) const { return counts_[slot(u)]; }
    [[nodiscard]] bool full(Use u) const { return counts_[slot(u)] == 0xff; }
    [[nodiscard]] bool any() const { return (counts_[0] | counts_[1] | counts_[2] | counts_[3]) != 0; }
    [[nodiscard]] bool any_write() const { return (counts_[1] | counts_[3]) != 0; }
    void add(Use u) { ++counts_[slot(u)]; }
    void drop(Use u) { --counts_[slot(u)]; }
};

struct ActiveEntry {
    Mfn frame{};
    DomId user{};
    Pins pins;
};
static_assert(sizeof(ActiveEntry) == 16);

using SharedEntry = grant_entry_v1_t;
static_assert(sizeof(SharedEntry) == 8);

}  // namespace grant
