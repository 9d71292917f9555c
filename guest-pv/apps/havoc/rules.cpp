// SPDX-License-Identifier: MIT
#include "guest-pv/apps/havoc/rules.hpp"

#include <algorithm>
#include <array>

namespace havoc {
namespace {

std::span<std::span<Weighted const> const> groups() {
    static std::array const all{table_rules, memory_rules,    grant_rules,       event_rules,
                                time_rules,  processor_rules, instruction_rules, privileged_rules};
    return all;
}

u64 weight_of(std::span<Weighted const> group) {
    u64 sum = 0;
    for (Weighted const& w : group)
        sum += w.weight;
    return sum;
}

u64 total() {
    static u64 const sum = [] {
        u64 s = 0;
        for (auto const group : groups())
            s += weight_of(group);
        return s;
    }();
    return sum;
}

}  // namespace

Rule rule(Random& r) {
    u64 at = r.below(total());
    for (auto const group : groups())
        for (Weighted const& w : group) {
            if (at < w.weight)
                return w.rule;
            at -= w.weight;
        }
    std::unreachable();
}

}  // namespace havoc
