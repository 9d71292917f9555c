// SPDX-License-Identifier: MIT
#include "dom0/control/tracing.hpp"

#include "dom0/control/granite.hpp"
#include "dom0/net/trail/trail.hpp"
#include "kernel/abi/xen.hpp"

namespace control {
namespace {

// The answer to each mark says whether there shall be more.
void note(mark::Mark const& mark) {
    if (!granite::mark(mark).value_or(false))
        net::trail::set_trace(nullptr);
}

void follow() {
    bool const wanted = granite::mark({}).value_or(false);
    net::trail::set_trace(wanted ? note : nullptr);
}

}  // namespace

Result<> Tracing::start() {
    TRY_VOID(granite::mark({}));
    changed_ = TRY(rt::EventChannel::bind_virq(VIRQ_ARCH_1));
    changed_.on_event(follow);
    follow();
    return {};
}

}  // namespace control
