// SPDX-License-Identifier: MIT
// One grant as the hypervisor sees it: the entry shared with the granter, and
// our own record of who uses it. Once in use, only the record is believed
// (GT-02).
#pragma once

#include <array>

#include "kernel/abi/xen.hpp"
#include "kernel/base/types.hpp"

namespace grant {

// What a use of a grant may do. A copy is a host use for as long as it lasts.
struct Use {
    bool device = false;
    bool write = false;
};

// How many uses of each kind an entry has; none at all: it is not in use.
class Pins {
    std::array<u8, 4> counts_{};

    static constexpr unsigned slot(Use u) { return unsigned{u.device} * 2 + unsigned{u.write}; }

  public:
    [[nodiscard]] u8 count(Use u) const { return counts_[slot(u)]; }
    [[nodiscard]] bool full(Use u) const { return counts_[slot(u)] == 0xff; }
    [[nodiscard]] bool any_write() const { return (counts_[1] | counts_[3]) != 0; }
    [[nodiscard]] bool any() const { return any_write() || (counts_[0] | counts_[2]) != 0; }
    void add(Use u) { ++counts_[slot(u)]; }
    void drop(Use u) { --counts_[slot(u)]; }
};

struct ActiveEntry {
    Mfn frame{};
    DomId user{};
    Pins pins;
};
static_assert(sizeof(ActiveEntry) == 16);

// The ABI's entry with flags and domid as the one word that they are changed
// as: flags in the low half.
struct SharedEntry {
    u32 head;
    u32 frame;
};
static_assert(sizeof(SharedEntry) == sizeof(grant_entry_v1_t));

constexpr u32 entry_flags(u32 head) {
    return head & 0xffff;
}
constexpr DomId entry_domid(u32 head) {
    return DomId{static_cast<u16>(head >> 16)};
}

}  // namespace grant
