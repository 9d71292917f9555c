// SPDX-License-Identifier: MIT
#include "tests/host/vcpu.hpp"

#include "kernel/domain/vcpu.hpp"

namespace host {

Vcpus& vcpus() {
    static Vcpus the_vcpus;
    return the_vcpus;
}

}  // namespace host

namespace machine {

Result<> vcpu_create(Vcpu&) {
    return {};
}
void vcpu_destroy(Vcpu&) {}
Result<> vcpu_release_memory(Vcpu&) {
    return {};
}
void vcpu_visit_frames(Vcpu const&, FrameVisit, void*) {}

Result<> vcpu_set_context(Vcpu& v, vcpu_guest_context const&) {
    if (host::vcpus().context_refused != Errno{})
        return Fail{host::vcpus().context_refused};
    if (v.initialised)
        return Fail{Errno::exist};
    v.initialised = true;
    return {};
}
void vcpu_get_context(Vcpu const&, vcpu_guest_context& c) {
    c = {};
    c.ctrlreg[3] = host::vcpus().root.raw();
}

// All vcpus are on the one CPU there is.
CpuMask cpus_with_translations(Domain const&, u64) {
    return 1;
}

void vcpu_notify(Vcpu& v) {
    host::vcpus().notified.push_back(&v);
}
void vcpu_send_nmi(Vcpu& v) {
    host::vcpus().nmis.push_back(&v);
}
void vcpu_set_iopl(Vcpu&, unsigned) {}
void vcpu_set_io_bitmap(Vcpu&, Vaddr, u32) {}

}  // namespace machine
