// SPDX-License-Identifier: MIT
// Reading a guest's page tables, live, as the processor would: by frame, never
// through the addresses they map (PT-07). What is read may change at any time;
// a frame that is no RAM ends the walk.
#pragma once

#include <array>
#include <optional>

#include "kernel/mm/page.hpp"
#include "kernel/monitor/command.hpp"

namespace monitor {

inline constexpr unsigned entries_per_table = 512;
inline constexpr unsigned top_level = 4;

struct Entry {
    u64 raw = 0;

    [[nodiscard]] bool present() const { return (raw & 1) != 0; }
    [[nodiscard]] Mfn frame() const { return Mfn{(raw & 0x000ffffffffff000) >> page_shift}; }
    // What decides how memory may be used: writable, user, cache, execute.
    [[nodiscard]] u64 rights() const { return raw & (u64{1} << 63 | 0x1e | 1); }
};

Entry read_entry(Mfn table, unsigned slot);
constexpr unsigned slot_of(u64 va, unsigned level) {
    return static_cast<unsigned>(va >> (page_shift + 9 * (level - 1))) % entries_per_table;
}
constexpr u64 bytes_per_slot(unsigned level) {
    return page_size << (9 * (level - 1));
}
// Slots of the L4 that belong to the hypervisor.
constexpr bool reserved_slot(unsigned level, unsigned slot) {
    return level == top_level && slot >= 256 && slot < 272;
}

constexpr u64 canonical(u64 va) {
    return (va & u64{1} << 47) != 0 ? va | u64{0xffff} << 48 : va;
}

// The kernel root of a vcpu; nothing before it has a context.
std::optional<Mfn> root_of(Vcpu const& v);

// A domain and the root of one of its address spaces.
struct Space {
    DomainRef domain;
    std::optional<Mfn> root;

    // False: what was its root is in use for something else by now.
    [[nodiscard]] bool is_there() const;
};

// The one that argument 0 names, by the vcpu that argument `vcpu_at` may name;
// refuses in words, and then has no root.
Space space_argument(Arguments const& args, usize vcpu_at, Report& out);

// "rwxuAD": what a page-table entry allows, and what the processor noted.
std::array<char, 8> flag_letters(Entry e);
// The same in words, of a present entry of a table of this level.
using FlagWords = std::array<char, 160>;
std::string_view flag_words(Entry e, unsigned level, FlagWords& buffer);

}  // namespace monitor
