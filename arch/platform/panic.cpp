// SPDX-License-Identifier: MIT
// Everything here runs on a machine that is broken in an unknown way: no locks,
// no allocation, output byte by byte, and a second panic stops at once.
#include "arch/platform/panic.hpp"

#include <atomic>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/io.hpp"
#include "arch/cpu/offsets.h"
#include "arch/cpu/percpu.hpp"
#include "arch/platform/cpus.hpp"
#include "arch/platform/symbols.hpp"
#include "arch/pv/vcpu_state.hpp"
#include "kernel/base/exceptions.hpp"
#include "kernel/base/format.hpp"
#include "kernel/base/version.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/trace/backwards.hpp"
#include "kernel/trace/words.hpp"

namespace arch {
namespace {

constexpr u32 nobody = ~u32{0};
constinit std::atomic<u32> panicking{nobody};  // which CPU
constinit u16 debug_exit_port = 0;
constexpr u32 debug_exit_code = 4;  // as `granite run` ends for a panic

template <class... A>
void say(text::Format<std::type_identity_t<A>...> f, A const&... a) {
    std::array<char, 256> buf;
    std::array<text::Arg, sizeof...(A)> const args{text::arg_of(a)...};
    machine::console_put_now("(GR) ");
    machine::console_put_now(text::vformat_to(buf, f.text, args));
    machine::console_put_now("\r\n");
}

[[noreturn]] void stop() {
    if (debug_exit_port != 0)
        out32(debug_exit_port, debug_exit_code);
    for (;;)
        asm volatile("cli\n\thlt");
}

// The first one tells; a mistake of its own on the way ends it early.
void begin(std::string_view what) {
    asm volatile("cli");
    u32 const me = machine::this_cpu().raw();
    u32 who = nobody;
    if (!panicking.compare_exchange_strong(who, me)) {
        if (who == me)
            stop();
        stop_here();
    }
    stop_other_cpus();
    machine::console_put_now("\r\n");
    say("PANIC {}", what);
    say("Granite {} build {}", version::granite, version::build_id());
}

// Where the guest was when it came here last, and with which wish. The call's
// result takes the place of its number, but who panics has none yet.
void say_guest(Vcpu& v) {
    Frame const& f = machine::regs_of(v);
    std::string_view const mode = v.arch->kernel_mode ? "kernel" : "user";
    if (f.vector != VECTOR_SYSCALL || !v.arch->kernel_mode)
        return say("its {} mode was at {:#x}, left by vector {}", mode, f.rip, f.vector);
    say("its {} mode was at {:#x}, in {} ({:#x}, {:#x}, {:#x}, {:#x})", mode, f.rip, hypercall::name(f.rax),
        f.rdi, f.rsi, f.rdx, f.r10);
}

void say_who() {
    Vcpu* const v = machine::current();
    if (!v)
        return say("cpu {}, no domain running", machine::this_cpu());
    say("cpu {} on behalf of d{} {} vcpu {}", machine::this_cpu(), v->domain.id, v->domain.name_view(),
        v->id);
    say_guest(*v);
}

void say_exception(Frame const& f) {
    if (f.vector == exceptions::page_fault)
        say("page fault: {:#x} was {}, which is {}", read_cr2(), exceptions::access(f.error_code),
            exceptions::objection(f.error_code));
    else
        say("{}", exceptions::name(f.vector));
}

void say_registers(Frame const& f) {
    say("vector {} error {:#x} cr2 {:#018x} cr3 {:#018x}", f.vector, f.error_code, read_cr2(), read_cr3());
    say("rip {:#06x}:{:#018x} rsp {:#06x}:{:#018x} rflags {:#x}", f.cs, f.rip, f.ss, f.rsp, f.rflags);
    say("rax {:#018x} rbx {:#018x} rcx {:#018x} rdx {:#018x}", f.rax, f.rbx, f.rcx, f.rdx);
    say("rsi {:#018x} rdi {:#018x} rbp {:#018x} r8  {:#018x}", f.rsi, f.rdi, f.rbp, f.r8);
    say("r9  {:#018x} r10 {:#018x} r11 {:#018x} r12 {:#018x}", f.r9, f.r10, f.r11, f.r12);
    say("r13 {:#018x} r14 {:#018x} r15 {:#018x}", f.r13, f.r14, f.r15);
}

void say_place(u64 address) {
    Symbol const s = find_symbol(address);
    if (s.name.empty())
        say("  {:#018x}", address);
    else
        say("  {:#018x} {} + {:#x}", address, s.name, s.offset);
}

// Frame pointers are followed only upwards within this CPU's stacks, and
// never onto the page below one, which is not mapped.
bool is_frame(u64 at, u64 block) {
    if (at % sizeof(u64) != 0 || at < block || at + 2 * sizeof(u64) > block + cpu_block_size)
        return false;
    u64 const page = round_down(at - block, page_size);
    u64 const last = round_down(at + 2 * sizeof(u64) - 1 - block, page_size);
    for (u16 const guard : guard_pages)
        if (page == guard || last == guard)
            return false;
    return true;
}

void say_backtrace(u64 rip, u64 rbp) {
    say("backtrace:");
    say_place(rip);
    u64 const block = reinterpret_cast<u64>(&this_cpu_local());
    for (unsigned depth = 0; depth < 32 && is_frame(rbp, block); ++depth) {
        auto const* const frame = reinterpret_cast<u64 const*>(rbp);
        if (frame[1] == 0)
            break;
        say_place(frame[1]);
        if (frame[0] <= rbp)
            break;
        rbp = frame[0];
    }
}

void say_events() {
    constexpr unsigned most = 24;
    trace::Backwards events;
    for (unsigned i = 0; i < most; ++i) {
        auto const found = events.next();
        if (!found)
            return;
        if (i == 0)
            say("last events, the newest first:");
        say("{}", trace::Line{*found}.text());
    }
}

[[noreturn]] void end() {
    say_events();
    say("stopped; source lines: addr2line -e build/granite.elf -aipfC ADDRESS ...");
    stop();
}

}  // namespace

void panic_frame(Frame const& f, std::string_view what) {
    begin(what);
    say_exception(f);
    say_who();
    say_registers(f);
    say_backtrace(f.rip, f.rbp);
    end();
}

void set_debug_exit(u16 port) {
    debug_exit_port = port;
}

}  // namespace arch

void machine::end_guest(std::string_view what) {
    Vcpu* const v = current();
    if (!v || v->domain.id == DomId{0})
        panic(what);
    machine::console_put_now("\r\n");
    arch::say("{}: a guest has to end for it", what);
    arch::say_who();
    auto const* const frame = static_cast<u64 const*>(__builtin_frame_address(0));
    arch::say_backtrace(reinterpret_cast<u64>(__builtin_return_address(0)), frame[0]);
    domains::crash(v->domain, "the hypervisor has lost count of something of its");
}

void machine::panic(std::string_view what) {
    arch::begin(what);
    arch::say_who();
    auto const* const frame = static_cast<u64 const*>(__builtin_frame_address(0));
    arch::say_backtrace(reinterpret_cast<u64>(__builtin_return_address(0)), frame[0]);
    arch::end();
}
