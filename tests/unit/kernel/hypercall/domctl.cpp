// SPDX-License-Identifier: MIT
#include "kernel/abi/control.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>
#include <vector>

#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/pci.hpp"
#include "tests/host/type_ops.hpp"
#include "tests/host/vcpu.hpp"
#include "tests/unit/kernel/hypercall/guest_buffer.hpp"

namespace {

using host::TestDomain;

constexpr Privileges control{.control = true};
constexpr s64 error(Errno e) {
    return -static_cast<s64>(e);
}

struct Toolstack {
    test::GuestBuffer memory;
    TestDomain self{0, control};
    xen_domctl op{};

    s64 as(TestDomain& caller, u32 cmd, u16 domain) {
        op.cmd = cmd;
        op.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
        op.domain = domain;
        return run(caller);
    }
    s64 call(u32 cmd, u16 domain) { return as(self, cmd, domain); }

    s64 run(TestDomain& caller) {
        hypercall::Args args{memory.put(op).raw()};
        for (;;) {
            auto const r = hypercall::dispatch(caller.vcpu(), __HYPERVISOR_domctl, args);
            if (r.restart)
                continue;
            op = memory.get<xen_domctl>();
            return static_cast<s64>(r.value);
        }
    }

    // A domain like those that xl makes.
    s64 create(u16 id = 0, u32 vcpus = 1) {
        op = {};
        auto& c = op.u.createdomain;
        c.max_vcpus = vcpus;
        c.max_evtchn_port = 1023;
        c.max_grant_frames = 32;
        c.max_maptrack_frames = -1;
        c.grant_opts = XEN_DOMCTL_GRANT_version(1);
        c.arch.emulation_flags = XEN_X86_EMU_PIT;
        for (u8 i = 0; i < 16; ++i)
            c.handle[i] = i;
        return call(XEN_DOMCTL_createdomain, id);
    }
    void destroy(u16 id) {
        op = {};
        CHECK(call(XEN_DOMCTL_destroydomain, id) == 0);
        domains::reap();
    }
};

}  // namespace

TEST_CASE("HC-7 domctl is for those who control, whatever they ask") {
    Toolstack t;
    TestDomain guest{9};
    for (u32 cmd = 0; cmd < 100; ++cmd)
        CHECK(t.as(guest, cmd, 9) == error(Errno::perm));
}

TEST_CASE("an interface version that is not ours is refused") {
    Toolstack t;
    t.op.cmd = XEN_DOMCTL_getdomaininfo;
    t.op.interface_version = XEN_DOMCTL_INTERFACE_VERSION + 1;
    CHECK(t.run(t.self) == error(Errno::access));
}

TEST_CASE("HC-1 unknown operations answer ENOSYS") {
    Toolstack t;
    for (u32 const cmd :
         {0u, 6u, 7u, 999u, 0xffffffffu, u32{XEN_DOMCTL_gethvmcontext}, u32{XEN_DOMCTL_deassign_device}})
        CHECK(t.call(cmd, 0) == error(Errno::nosys));
}

TEST_CASE("a domain is created, described and destroyed") {
    Toolstack t;
    REQUIRE(t.create(0, 2) == 0);
    u16 const id = t.op.domain;
    CHECK(id != 0);
    t.op = {};
    CHECK(t.call(XEN_DOMCTL_getdomaininfo, id) == 0);
    auto const info = t.op.u.getdomaininfo;
    CHECK(info.domain == id);
    CHECK((info.flags & XEN_DOMINF_paused) != 0);
    CHECK((info.flags & (XEN_DOMINF_dying | XEN_DOMINF_shutdown | XEN_DOMINF_hvm_guest)) == 0);
    CHECK(info.max_vcpu_id == 1);
    CHECK(info.handle[15] == 15);
    t.destroy(id);
    t.op = {};
    CHECK(t.call(XEN_DOMCTL_pausedomain, id) == error(Errno::srch));
}

TEST_CASE("a chosen id is given or refused, and ids go round") {
    Toolstack t;
    REQUIRE(t.create(40) == 0);
    CHECK(t.op.domain == 40);
    CHECK(t.create(40) == error(Errno::exist));
    REQUIRE(t.create() == 0);
    u16 const first = t.op.domain;
    t.destroy(first);
    REQUIRE(t.create() == 0);
    CHECK(t.op.domain != first);
    t.destroy(t.op.domain);
    t.destroy(40);
}

TEST_CASE("HC-1 a domain with unknown wishes is not created") {
    Toolstack t;
    auto const refused = [&](auto change) {
        t.create(41, 0);  // fills op; refused for its lack of vcpus
        t.op.u.createdomain.max_vcpus = 1;
        change(t.op.u.createdomain);
        return t.call(XEN_DOMCTL_createdomain, 41) == error(Errno::inval);
    };
    CHECK(refused([](auto& c) { c.flags = XEN_DOMCTL_CDF_hvm; }));
    CHECK(refused([](auto& c) { c.flags = 1u << 31; }));
    CHECK(refused([](auto& c) { c.iommu_opts = 1; }));
    CHECK(refused([](auto& c) { c.vmtrace_size = 4096; }));
    CHECK(refused([](auto& c) { c.cpupool_id = 1; }));
    CHECK(refused([](auto& c) { c.grant_opts = 0; }));
    CHECK(refused([](auto& c) { c.grant_opts = 0x11; }));
    CHECK(refused([](auto& c) { c.arch.emulation_flags = XEN_X86_EMU_LAPIC; }));
    CHECK(refused([](auto& c) { c.arch.misc_flags = 2; }));
    CHECK(refused([](auto& c) { c.max_vcpus = max_vcpus_per_domain + 1; }));
}

TEST_CASE("the next domain is described when the number is free") {
    Toolstack t;
    TestDomain const guest{50};
    t.op = {};
    CHECK(t.call(XEN_DOMCTL_getdomaininfo, 45) == 0);
    CHECK(t.op.domain == 50);
    CHECK(t.call(XEN_DOMCTL_getdomaininfo, 51) == error(Errno::srch));
    CHECK(t.call(XEN_DOMCTL_getdomaininfo, DOMID_SELF) == error(Errno::inval));
}

TEST_CASE("SC-4 nobody pauses or destroys himself") {
    Toolstack t;
    for (u32 const cmd : {XEN_DOMCTL_pausedomain, XEN_DOMCTL_destroydomain, XEN_DOMCTL_resumedomain})
        for (u16 const id : {u16{0}, u16{DOMID_SELF}})
            CHECK(t.call(cmd, id) == error(Errno::inval));
}

TEST_CASE("LC-1 destroying goes on over interruptions, in one hypercall for the caller") {
    Toolstack t;
    REQUIRE(t.create(60) == 0);
    {
        auto const d = *domains::find(DomId{60});
        d->memory.max_pages = 64;
        for (int i = 0; i < 64; ++i)
            REQUIRE(mm::alloc_domain_frames(d->memory, 0));
    }
    host::cpu().preempt = [] { return true; };
    t.destroy(60);
    host::cpu().preempt = {};
    CHECK_FALSE(domains::find(DomId{60}));
}

TEST_CASE("memory has a limit in KiB") {
    Toolstack t;
    TestDomain guest{7};
    t.op.u.max_mem.max_memkb = 1027;
    CHECK(t.call(XEN_DOMCTL_max_mem, 7) == 0);
    CHECK(guest->memory.max_pages == 256);
}

TEST_CASE("SC-2 a context is loaded once, and brings the vcpu up if it says so") {
    Toolstack t;
    TestDomain guest{7};
    vcpu_guest_context_t context{};
    context.flags = VGCF_online;
    GuestPtr<u8> const at = t.memory.put(context, page_size);
    t.op.u.vcpucontext.vcpu = 0;
    t.op.u.vcpucontext.ctxt.p = reinterpret_cast<vcpu_guest_context_t*>(at.raw());
    CHECK(t.call(XEN_DOMCTL_getvcpucontext, 7) == error(Errno::nodata));
    CHECK(t.call(XEN_DOMCTL_setvcpucontext, 7) == 0);
    CHECK(guest.vcpu().sched.up);
    CHECK(guest->pause_count.load() == 0);
    CHECK(t.call(XEN_DOMCTL_setvcpucontext, 7) == error(Errno::exist));
    CHECK(t.call(XEN_DOMCTL_getvcpucontext, 7) == 0);
    t.op.u.vcpucontext.vcpu = 1;
    CHECK(t.call(XEN_DOMCTL_setvcpucontext, 7) == error(Errno::noent));
    CHECK(t.call(XEN_DOMCTL_setvcpucontext, 0) != 0);
}

TEST_CASE("the number of vcpus is what it was at creation") {
    Toolstack t;
    TestDomain const guest{7, {}, 2};
    t.op.u.max_vcpus.max = 2;
    CHECK(t.call(XEN_DOMCTL_max_vcpus, 7) == 0);
    t.op.u.max_vcpus.max = 3;
    CHECK(t.call(XEN_DOMCTL_max_vcpus, 7) == error(Errno::inval));
}

TEST_CASE("weight and cap are set for the whole domain, or left alone") {
    Toolstack t;
    TestDomain guest{7, {}, 2};
    auto& q = t.op.u.scheduler_op;
    q.sched_id = XEN_SCHEDULER_CREDIT;
    q.cmd = XEN_DOMCTL_SCHEDOP_putinfo;
    q.u.credit = {.weight = 512, .cap = 50};
    CHECK(t.call(XEN_DOMCTL_scheduler_op, 7) == 0);
    CHECK(guest->share.weight() == 512);
    q.u.credit = {.weight = 0, .cap = 0xffff};
    CHECK(t.call(XEN_DOMCTL_scheduler_op, 7) == 0);
    q.cmd = XEN_DOMCTL_SCHEDOP_getinfo;
    CHECK(t.call(XEN_DOMCTL_scheduler_op, 7) == 0);
    CHECK(q.u.credit.weight == 512);
    CHECK(q.u.credit.cap == 50);
    q.sched_id = XEN_SCHEDULER_CREDIT2;
    CHECK(t.call(XEN_DOMCTL_scheduler_op, 7) == error(Errno::inval));
}

TEST_CASE("affinity keeps to CPUs that exist, and clears the rest of a longer map") {
    Toolstack t;
    host::cpu().online = 2;
    TestDomain const guest{7};
    auto& q = t.op.u.vcpuaffinity;
    q = {};
    q.flags = XEN_VCPUAFFINITY_HARD;
    q.cpumap_hard.nr_bits = 128;
    q.cpumap_hard.bitmap.p =
        reinterpret_cast<u8*>(t.memory.put(std::array<u8, 16>{0xfe, 0xff}, page_size).raw());
    CHECK(t.call(XEN_DOMCTL_setvcpuaffinity, 7) == 0);
    CHECK(t.memory.get<std::array<u8, 16>>(page_size) == std::array<u8, 16>{0x02});
    t.memory.put(std::array<u8, 16>{0xf0}, page_size);
    CHECK(t.call(XEN_DOMCTL_setvcpuaffinity, 7) == error(Errno::inval));
    q.flags = 8;
    CHECK(t.call(XEN_DOMCTL_getvcpuaffinity, 7) == error(Errno::inval));
    host::cpu().online = 1;
}

TEST_CASE("a hypercall page is written only into memory of the domain") {
    Toolstack t;
    TestDomain guest{7};
    Mfn const m = guest.new_frame();
    t.op.u.hypercall_init.gmfn = m.raw();
    CHECK(t.call(XEN_DOMCTL_hypercall_init, 7) == 0);
    CHECK(machine::frame_as<u8 const>(m)[0] == 0x51);  // push %rcx
    CHECK(t.call(XEN_DOMCTL_hypercall_init, 0) == error(Errno::access));
    t.op.u.hypercall_init.gmfn = ~u64{0};
    CHECK(t.call(XEN_DOMCTL_hypercall_init, 7) == error(Errno::access));
}

TEST_CASE("the time-stamp counter is never emulated") {
    Toolstack t;
    TestDomain const guest{7};
    for (u32 const mode : {0U, 1U, 2U, 3U}) {
        t.op.u.tsc_info.tsc_mode = mode;
        CHECK(t.call(XEN_DOMCTL_settscinfo, 7) == (mode % 2 == 0 ? 0 : error(Errno::opnotsupp)));
    }
}

TEST_CASE("rights to devices can only be taken away") {
    Toolstack t;
    TestDomain const guest{7};
    t.op.u.iomem_permission.allow_access = 1;
    CHECK(t.call(XEN_DOMCTL_iomem_permission, 7) == error(Errno::opnotsupp));
    t.op.u.iomem_permission.allow_access = 0;
    CHECK(t.call(XEN_DOMCTL_iomem_permission, 7) == 0);
}

TEST_CASE("IO-6 a PCI function is given to one domain that has not begun yet") {
    constexpr u32 card = 0x18;
    host::plugged_functions() = {host::plain_function({0, card})};
    Toolstack t;
    REQUIRE(t.create(7) == 0);
    REQUIRE(t.create(8) == 0);
    auto const ask = [&](u32 cmd, u16 domain, u32 where) {
        t.op = {};
        t.op.u.assign_device = {.dev = XEN_DOMCTL_DEV_PCI, .flags = 0, .u = {.pci = {.machine_sbdf = where}}};
        return t.call(cmd, domain);
    };
    CHECK(ask(XEN_DOMCTL_test_assign_device, DOMID_INVALID, card) == 0);
    CHECK(ask(XEN_DOMCTL_assign_device, 7, 0x10000 | card) == error(Errno::nodev));
    CHECK(ask(XEN_DOMCTL_assign_device, 7, card + 1) == error(Errno::nodev));
    CHECK(ask(XEN_DOMCTL_assign_device, 0, card) == error(Errno::inval));
    CHECK(ask(XEN_DOMCTL_assign_device, 99, card) == error(Errno::srch));
    CHECK(ask(XEN_DOMCTL_assign_device, 7, card) == 0);
    CHECK(ask(XEN_DOMCTL_assign_device, 8, card) == error(Errno::busy));
    CHECK(ask(XEN_DOMCTL_test_assign_device, DOMID_INVALID, card) == error(Errno::busy));
    t.destroy(7);
    CHECK(ask(XEN_DOMCTL_assign_device, 8, card) == 0);
    t.destroy(8);
    host::plugged_functions().clear();
}

TEST_CASE("of a list of frames it is told which are tables of the domain, and pinned") {
    Toolstack t;
    host::ValidTables const tables;
    TestDomain guest{9};
    struct Case {
        Mfn frame;
        u64 expected;
    };
    std::vector<Case> cases{{Mfn{0}, XEN_DOMCTL_PFINFO_XTAB},
                            {host::hole_start, XEN_DOMCTL_PFINFO_XTAB},
                            {Mfn{~u64{0}}, XEN_DOMCTL_PFINFO_XTAB},
                            {t.self.new_frame(), XEN_DOMCTL_PFINFO_XTAB},
                            {guest.new_frame(), XEN_DOMCTL_PFINFO_NOTAB}};
    constexpr std::array levels{
        std::pair{PageType::l1, XEN_DOMCTL_PFINFO_L1TAB}, std::pair{PageType::l2, XEN_DOMCTL_PFINFO_L2TAB},
        std::pair{PageType::l3, XEN_DOMCTL_PFINFO_L3TAB}, std::pair{PageType::l4, XEN_DOMCTL_PFINFO_L4TAB}};
    std::vector<TypeRef> uses;
    for (auto const& [type, code] : levels)
        for (bool const pinned : {false, true}) {
            Mfn const m = guest.new_frame();
            uses.push_back(*TypeRef::take(*mm::page_of(m), type, guest->memory));
            if (pinned)
                mm::page_of(m)->type_word.fetch_or(PageInfo::pinned);
            cases.push_back({m, code | (pinned ? XEN_DOMCTL_PFINFO_LPINTAB : 0)});
        }
    // Longer than what is done in one piece.
    while (cases.size() < 100)
        cases.push_back(cases[cases.size() % 13]);
    std::vector<u64> frames;
    for (auto const& c : cases)
        frames.push_back(c.frame.raw());
    frames.push_back(0x5a5a);
    constexpr u64 list_at = page_size;
    std::string const bytes{reinterpret_cast<char const*>(frames.data()), frames.size() * sizeof(u64)};
    t.op = {};
    t.op.u.getpageframeinfo3.num = cases.size();
    t.op.u.getpageframeinfo3.array.p = reinterpret_cast<u64*>(t.memory.put_text(bytes, list_at).raw());
    REQUIRE(t.call(XEN_DOMCTL_getpageframeinfo3, 9) == 0);
    for (usize i = 0; i < cases.size(); ++i)
        CHECK(t.memory.get<u64>(list_at + i * sizeof(u64)) == cases[i].expected);
    CHECK(t.memory.get<u64>(list_at + cases.size() * sizeof(u64)) == 0x5a5a);
    t.op.u.getpageframeinfo3.num = 1025;
    CHECK(t.call(XEN_DOMCTL_getpageframeinfo3, 9) == error(Errno::toobig));
    t.op.u.getpageframeinfo3.num = 1;
    t.op.u.getpageframeinfo3.array.p = nullptr;
    CHECK(t.call(XEN_DOMCTL_getpageframeinfo3, 9) == error(Errno::fault));
    for (auto const& use : uses)
        mm::page_of(use.mfn())->type_word.fetch_and(~PageInfo::pinned);
}

TEST_CASE("D1 addresses of a domain have 64 bits and no other width") {
    Toolstack t;
    TestDomain guest{9};
    t.op = {};
    REQUIRE(t.call(XEN_DOMCTL_get_address_size, 9) == 0);
    CHECK(t.op.u.address_size.size == 64);
    CHECK(t.call(XEN_DOMCTL_set_address_size, 9) == 0);
    for (u32 const other : {0u, 32u, 65u}) {
        t.op.u.address_size.size = other;
        CHECK(t.call(XEN_DOMCTL_set_address_size, 9) == error(Errno::inval));
    }
}
