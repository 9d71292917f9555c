// SPDX-License-Identifier: MIT
#include "kernel/domain/registers.hpp"

#include "kernel/base/log.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/trace/backwards.hpp"
#include "kernel/trace/words.hpp"

namespace domains {

void log_registers(Vcpu const& v) {
    vcpu_guest_context c{};
    machine::vcpu_get_context(v, c);
    auto const& r = c.user_regs;
    log("d{}v{} {} mode  rip {:04x}:{:016x}  rflags {:08x}", v.domain.id, v.id,
        (c.flags & VGCF_in_kernel) != 0 ? "kernel" : "user", r.cs, r.rip, r.rflags);
    log("rax {:016x}  rbx {:016x}  rcx {:016x}  rdx {:016x}", r.rax, r.rbx, r.rcx, r.rdx);
    log("rsi {:016x}  rdi {:016x}  rbp {:016x}  rsp {:016x}", r.rsi, r.rdi, r.rbp, r.rsp);
    log("r8  {:016x}  r9  {:016x}  r10 {:016x}  r11 {:016x}", r.r8, r.r9, r.r10, r.r11);
    log("r12 {:016x}  r13 {:016x}  r14 {:016x}  r15 {:016x}", r.r12, r.r13, r.r14, r.r15);
    log("cr2 {:016x}  cr3 {:016x}  fsb {:016x}  gsb {:016x}", v.info->arch.cr2, c.ctrlreg[3], c.fs_base,
        c.gs_base_kernel);
}

void log_refusals(Vcpu const& v) {
    v.refusals.for_each([](Refusal const& r) {
        log("refused {} ({:x}, {:x}, ...), error {}, {} times", r.call.empty() ? "an unknown call" : r.call,
            r.first, r.second, static_cast<int>(r.why), r.times);
    });
}

void log_events(Domain const& d) {
    constexpr unsigned most = 16, most_looked_at = 1000;  // a guest may crash at any time
    trace::Backwards events;
    unsigned said = 0;
    for (unsigned i = 0; i < most_looked_at && said < most; ++i) {
        auto const found = events.next();
        if (!found)
            return;
        if (found->event.who.domain != d.id.raw())
            continue;
        if (said++ == 0)
            log("its last events, the newest first:");
        log("{}", trace::Line{*found}.text());
    }
}

}  // namespace domains
