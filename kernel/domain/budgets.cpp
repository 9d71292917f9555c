// SPDX-License-Identifier: MIT
#include "kernel/domain/budgets.hpp"

namespace domains {
namespace {

template <class F>
void for_each_budget(Domain& d, F&& f) {
    f(d.grants.lock()->budget());
    f(d.maptrack.lock()->budget());
    f(d.events.lock()->budget());
    f(d.memory.views);
}

}  // namespace

u64 promised_frames(Domain& d) {
    u64 sum = 0;
    for_each_budget(d, [&](mm::Budget const& b) { sum += b.promised(); });
    return sum;
}

void end_budgets(Domain& d) {
    for_each_budget(d, [](mm::Budget& b) { b.end(); });
}

}  // namespace domains
