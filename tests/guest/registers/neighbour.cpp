// SPDX-License-Identifier: MIT
// CP-3 CP-4 DT-4 EX-8: what two domains hold in the registers of one CPU stays
// each one's own, whether the CPU changes hands at a call or in between.
#include "tests/guest/registers/neighbour.hpp"

#include <array>
#include <charconv>
#include <string>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/event/bits.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"
#include "guest-pv/rt/xenbus/device.hpp"
#include "tests/guest/registers/probe.hpp"
#include "tests/guest/registers/upcalls.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;
using namespace probe;

constexpr u32 turns = 100, interruptions = 3;
constexpr u64 status_register = 6, control_register = 7;

// --- Finding each other ------------------------------------------------------

// The one with the lower number opens the channel and tells where, in its own nodes.
class Meeting {
    xenbus::Connection& store;
    DomId me, peer;

  public:
    Meeting(xenbus::Connection& s, DomId own, DomId other) : store{s}, me{own}, peer{other} {}
    [[nodiscard]] bool leads() const { return me < peer; }

    [[nodiscard]] Result<EventChannel> channel(std::string const& name) const {
        return leads() ? open(name) : join(name);
    }

  private:
    [[nodiscard]] Result<EventChannel> open(std::string const& name) const {
        auto channel = TRY(EventChannel::alloc_unbound(peer));
        TRY_VOID(store.write("data/" + name, std::to_string(channel.port().raw())));
        std::array const rights{"n" + std::to_string(me.raw()), "r" + std::to_string(peer.raw())};
        TRY_VOID(store.set_permissions("data/" + name, rights));
        return channel;
    }
    [[nodiscard]] Result<EventChannel> join(std::string const& name) const {
        auto const node = TRY(store.domain_path(peer)) + "/data/" + name;
        for (;;) {
            if (auto const port = xenbus::read_number(store, node))
                return EventChannel::bind_interdomain(peer, EvtchnPort{static_cast<u32>(*port)});
            sleep_for(millisecond);
        }
    }
};

// --- What a probe does not fill ----------------------------------------------

constexpr std::array model_specific{0xc0000100u, 0xc0000101u, 0xc0000102u};  // FS, GS, the other GS
constexpr std::array segments{u64{SEGBASE_FS}, u64{SEGBASE_GS_KERNEL}, u64{SEGBASE_GS_USER}};
std::array<u64, segments.size()> base_words;

u64 read_msr(u32 index) {
    u32 low = 0, high = 0;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(index));
    return u64{high} << 32 | low;
}

// What the last x87 instruction was is told by the environment that FNSTENV stores: words for control,
// status and tags, the instruction, its selector and opcode, and its operand (Intel SDM volume 1, 8.1.10).
std::array<u32, 2> operands;
u32 low_half(u32 const& operand) {
    return static_cast<u32>(hypercall::address(&operand));
}
void use_operand(u32 const& operand) {
    asm volatile("fildl %0\n\tfstp %%st(0)" ::"m"(operand));
}
u32 last_operand() {
    std::array<u32, 7> environment{};
    asm volatile("fnstenv %0" : "=m"(environment));
    return environment[5];
}

// By RstrFpErrPtrs a CPU of AMD says that it loads them with the rest (AMD64 APM volume 3, Fn8000_0008
// EBX); QEMU's newest says so, and does not.
bool claims_to_load_pointers() {
    u32 a = 0x80000008, b = 0, c = 0, d = 0;
    asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (b >> 2 & 1) != 0;
}

s64 set_debug_register(u64 number, u64 value) {
    return hypercall::raw(__HYPERVISOR_set_debugreg, number, value);
}
u64 debug_register(u64 number) {
    return static_cast<u64>(hypercall::raw(__HYPERVISOR_get_debugreg, number));
}

// Bases and breakpoints of this domain; both run the same image, at the same addresses.
class Special {
    u64 volatile hits_ = 0;  // counted by an exception
    u64 seed_;
    bool watches_;

    [[nodiscard]] u64 base(usize n) const { return hypercall::address(&base_words[n]) - seed_ * 64; }
    [[nodiscard]] u64 breakpoint(u64 n) const { return 0x10'0000'0000 + (seed_ << 24) + n * 8; }
    [[nodiscard]] u64 control() const { return watches_ ? 0x000d0402 : 0x00000401; }

  public:
    Special(u64 seed, bool watches) : seed_{seed}, watches_{watches} {
        on_exception(Vector::debug, [this](rt::Registers&) {
            hits_ = hits_ + 1;
            CHECK_ANSWER(set_debug_register(status_register, 0), 0);
            return true;
        });
        for (usize n = 0; n < segments.size(); ++n) {
            base_words[n] = ~seed * (n + 1);
            CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, segments[n], base(n)), 0);
        }
        for (u64 n = 0; n < 4; ++n)
            CHECK_ANSWER(set_debug_register(n, breakpoint(n)), 0);
        if (watches)
            CHECK_ANSWER(set_debug_register(0, hypercall::address(&watched_word())), 0);
        CHECK_ANSWER(set_debug_register(control_register, control()), 0);
    }
    ~Special() {
        for (u64 const segment : segments)
            CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, segment, 0), 0);
        for (u64 const n : {control_register, u64{0}, u64{1}, u64{2}, u64{3}})
            CHECK_ANSWER(set_debug_register(n, 0), 0);
    }
    Special(Special const&) = delete;
    Special& operator=(Special const&) = delete;

    static u64& watched_word() {
        static u64 self = 0;
        return self;
    }

    // Registers as they are told, and as they act.
    void check() {
        for (usize n = 0; n < segments.size(); ++n)
            CHECK(read_msr(model_specific[n]) == base(n));
        u64 by_fs = 0, by_gs = 0;
        asm volatile("movq %%fs:(%2), %0\n\tmovq %%gs:(%2), %1"
                     : "=&r"(by_fs), "=&r"(by_gs)
                     : "r"(seed_ * 64));
        CHECK(by_fs == base_words[0] && by_gs == base_words[1]);
        for (u64 n = watches_ ? 1 : 0; n < 4; ++n)
            CHECK(debug_register(n) == breakpoint(n));
        CHECK(debug_register(control_register) == control());
        u64 const before = hits_;
        *static_cast<u64 volatile*>(&watched_word()) = before;
        CHECK(hits_ == before + (watches_ ? 1 : 0));
        if (!claims_to_load_pointers())
            check_last_operand();
    }

    // The other one may run meanwhile, and uses its own.
    void check_last_operand() const {
        use_operand(operands[watches_ ? 1 : 0]);
        CHECK(hypercall::sched_op(SCHEDOP_yield).has_value());
        CHECK(last_operand() != low_half(operands[watches_ ? 0 : 1]));
    }
};

// --- Taking turns ------------------------------------------------------------

void wait_by_call(EvtchnPort port, u64 seed) {
    evtchn_port_t raw_port = port.raw();
    sched_poll_t poll{};
    set_xen_guest_handle_raw(poll.ports, &raw_port);
    poll.nr_ports = 1;
    fill(seed);
    registers_before[rax] = __HYPERVISOR_sched_op;
    registers_before[rdi] = SCHEDOP_poll;
    registers_before[rsi] = hypercall::address(&poll);
    probe_hypercall();
    CHECK(registers_after[rax] == 0);
    CHECK(alike(registers_after, registers_before, bit(rax) | bit(rcx) | bit(r11)));
    CHECK(floating_is_kept(floating_after, vectors_after));
    clear_port(port);
}

void take_turns(EventChannel const& channel, bool first, u64 seed, Special& special) {
    if (first)
        clear_port(channel.port());  // being bound may count as an event
    for (u32 turn = 0; turn < turns; ++turn) {
        if (first)
            channel.notify();
        wait_by_call(channel.port(), seed + turn * 2);
        special.check();
        if (!first)
            channel.notify();
    }
    channel.unmask();
}

Nanos time_without_cpu() {
    vcpu_runstate_info_t info{};
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_get_runstate_info, VcpuId{0}, info), 0);
    return static_cast<Nanos>(info.time[RUNSTATE_runnable]);
}

// Neither gives the CPU away before both have lost it some times, in the middle of a loop.
void be_interrupted(EventChannel const& channel, u64 seed, Special& special) {
    u32 lost = 0;
    bool told = false, over = false;
    while (lost < interruptions || !over) {
        Nanos const before = time_without_cpu();
        fill(seed);
        bool in_the_middle = false;
        {
            upcall::Noted const noted;
            in_the_middle = upcall::interrupted(5 * millisecond);
        }
        if (in_the_middle) {
            CHECK(alike(registers_after, registers_before, 0));
            CHECK(floating_is_kept(floating_after, vectors_after));
            lost += time_without_cpu() > before ? 1 : 0;
        }
        special.check();
        if (lost >= interruptions && !told) {
            channel.notify();
            told = true;
        }
        over = over || channel.wait(now());
    }
}

}  // namespace

void check_neighbour() {
    std::string_view const peer = command_line_option("peer");
    if (peer.empty())
        return;
    unsigned number = 0;
    std::from_chars(peer.data(), peer.data() + peer.size(), number);
    auto* const store = xenbus::connection();
    NEED(store);
    auto const me = xenbus::read_number(*store, "domid");
    NEED(me);
    Meeting const meeting{*store, DomId{static_cast<u16>(*me)}, DomId{static_cast<u16>(number)}};
    auto const turn = meeting.channel("turn");
    NEED(turn);
    turn->mask();  // before the other one sends, which has joined both by then
    auto const enough = meeting.channel("enough");
    NEED(enough);
    static_cast<void>(enough->wait(now()));  // being bound may count as an event
    u64 const seed = meeting.leads() ? 1 : 2;
    Special special{seed, meeting.leads()};
    take_turns(*turn, !meeting.leads(), seed, special);
    be_interrupted(*enough, seed, special);
}
