// SPDX-License-Identifier: MIT
// Calls that only a privileged domain may make: their structures are unions of
// questions, each with its answer.
#pragma once

#include <cstddef>

#include "guest-pv/rt/hypercall.hpp"
#include "kernel/abi/control.hpp"
#include "tests/guest/hypercalls/room.hpp"

namespace control {

template <class Op>
using Parts = decltype(Op::u);
template <class Op>
inline constexpr usize parts_at = offsetof(Op, u);

// `ask` fills what the question needs, and makes it. Of `part`, which answers,
// `gaps` mean nothing; behind it nothing is written.
template <class Op, class Part, class Ask>
void check_part(char const* what, Part Parts<Op>::*part, Ask ask, std::initializer_list<Range> gaps) {
    Room<Op> room;
    s64 const answer = ask(room.value(), room.value().u.*part);
    verdict::check(answer >= 0, what, __FILE__, __LINE__, answer);
    verdict::check(room.clean_around(), what, __FILE__, __LINE__);
    verdict::check(room.clean_in({parts_at<Op> + sizeof(Part), sizeof(Op)}), what, __FILE__, __LINE__);
    for (Range const gap : gaps)
        verdict::check(room.clean_in({parts_at<Op> + gap.from, parts_at<Op> + gap.to}), what, __FILE__,
                       __LINE__, static_cast<s64>(gap.from));
}

inline s64 ask_system(xen_sysctl& op, u32 cmd, u32 version = XEN_SYSCTL_INTERFACE_VERSION) {
    op.cmd = cmd;
    op.interface_version = version;
    return verdict::raw(rt::hypercall::sysctl(op));
}

inline s64 ask_domain(xen_domctl& op, u32 cmd, u32 version = XEN_DOMCTL_INTERFACE_VERSION) {
    op.cmd = cmd;
    op.interface_version = version;
    op.domain = 0;
    return verdict::raw(rt::hypercall::domctl(op));
}

inline u32 scheduler() {
    xen_sysctl op{};
    NEED(ask_system(op, XEN_SYSCTL_sched_id) == 0);
    return op.u.sched_id.sched_id;
}

// A domain is described alike by itself and in a list.
using Info = xen_domctl_getdomaininfo;
inline constexpr Range info_gap{offsetof(Info, pad1), offsetof(Info, flags)},
    info_end_gap{offsetof(Info, pad2), offsetof(Info, arch_config)};

}  // namespace control
