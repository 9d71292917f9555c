// SPDX-License-Identifier: MIT
// Which frames a vcpu's machine state holds on to.
#include "arch/pv/vcpu_state.hpp"
#include "kernel/machine/vcpu.hpp"

void machine::vcpu_visit_frames(Vcpu const& v, FrameVisit f, void* context) {
    VcpuState const& s = *v.arch;
    auto const visit = [&](TypeRef const& held, PageType t) {
        if (held)
            f(*held, t, context);
    };
    visit(s.kernel_root, PageType::l4);
    visit(s.user_root, PageType::l4);
    for (TypeRef const& page : s.gdt_frames)
        visit(page, PageType::segdesc);
    for (TypeRef const& page : s.ldt_frames)
        visit(page, PageType::segdesc);
    if (s.closing)
        f(*s.closing, PageType::none, context);
}
