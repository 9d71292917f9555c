// SPDX-License-Identifier: MIT
// HC-4: calls of privileged domains: refusals write nothing at all, and answers
// nothing beside them.
#include "guest-pv/rt/boot.hpp"
#include "tests/guest/hypercalls/control.hpp"
#include "tests/guest/hypercalls/outputs.hpp"

namespace {

using namespace control;
using namespace rt;

s64 ask_platform(xen_platform_op& op, u32 cmd, u32 version = XENPF_INTERFACE_VERSION) {
    op.cmd = cmd;
    op.interface_version = version;
    return verdict::raw(hypercall::platform_op(op));
}

// `number` says what cannot be; `ask` puts it into the head of the structure.
template <class Op, class Ask>
void check_refusal(char const* what, Ask ask, Errno expected) {
    Room<Op> room;
    s64 const answer = ask(room.value());
    verdict::check(answer == verdict::raw(expected), what, __FILE__, __LINE__, answer);
    verdict::check(room.clean_around() && room.clean_in({parts_at<Op>, sizeof(Op)}), what, __FILE__,
                   __LINE__);
}

void check_refusals() {
    bool const privileged = is_initial_domain();
    Errno const unknown = privileged ? Errno::nosys : Errno::perm;
    check_refusal<xen_sysctl>(
        "unknown sysctl", [](auto& op) { return ask_system(op, 9999); }, unknown);
    check_refusal<xen_domctl>(
        "unknown domctl", [](auto& op) { return ask_domain(op, 9999); }, unknown);
    check_refusal<xen_platform_op>(
        "unknown platform_op", [](auto& op) { return ask_platform(op, 9999); }, unknown);
    if (!privileged)
        return;
    check_refusal<xen_sysctl>(
        "version of sysctl", [](auto& op) { return ask_system(op, XEN_SYSCTL_physinfo, 1); }, Errno::access);
    check_refusal<xen_domctl>(
        "version of domctl", [](auto& op) { return ask_domain(op, XEN_DOMCTL_getdomaininfo, 1); },
        Errno::access);
    check_refusal<xen_platform_op>(
        "version of platform_op", [](auto& op) { return ask_platform(op, 9999, 1); }, Errno::access);
}

constexpr int free_line = 10;

void check_interrupts() {
    using Map = physdev_map_pirq_t;
    int pirq = -1;
    check_output<Map>("an interrupt's number",
                      [&](auto& m) {
                          m.domid = DOMID_SELF;
                          m.type = MAP_PIRQ_TYPE_GSI;
                          m.index = free_line;
                          m.pirq = -1;
                          s64 const answer = verdict::raw(hypercall::physdev_op(PHYSDEVOP_map_pirq, m));
                          pirq = m.pirq;
                          return answer;
                      },
                      {{offsetof(Map, domid) + 2, offsetof(Map, type)}, {offsetof(Map, bus), sizeof(Map)}});
    NEED(pirq >= 0);
    check_output<physdev_irq_status_query_t>(
        "an interrupt's state",
        [pirq](auto& q) {
            q.irq = static_cast<u32>(pirq);
            return verdict::raw(hypercall::physdev_op(PHYSDEVOP_irq_status_query, q));
        },
        {});
    physdev_unmap_pirq unmap{.domid = DOMID_SELF, .pirq = pirq};
    CHECK_ANSWER(hypercall::physdev_op(PHYSDEVOP_unmap_pirq, unmap), 0);
}

}  // namespace

void check_control_outputs() {
    check_refusals();
    if (!is_initial_domain())
        return;
    check_sysctl_outputs();
    check_domctl_outputs();
    check_interrupts();
}
