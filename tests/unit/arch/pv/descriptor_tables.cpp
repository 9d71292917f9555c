// SPDX-License-Identifier: MIT
// GDTs and LDTs of a guest: whose frames they are, and what may stand in them.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>

#include "arch/pv/gdt.hpp"
#include "arch/pv/ldt.hpp"
#include "arch/pv/table_write.hpp"
#include "arch/pv/vcpu_state.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "tests/host/domains.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {
unsigned windows_loaded = 0;
// Of one frame, when the windows were loaded last: whether they show it, and its uses.
Mfn watched{};
bool was_shown = false;
u32 uses_then = 0;
}  // namespace
void arch::load_descriptor_windows(Vcpu& v) {
    ++windows_loaded;
    if (watched == Mfn{})
        return;
    auto const shows = [](TypeRef const& frame) { return frame && frame.mfn() == watched; };
    was_shown =
        std::ranges::any_of(v.arch->gdt_frames, shows) || std::ranges::any_of(v.arch->ldt_frames, shows);
    uses_then = mm::page_of(watched)->type_count();
}

namespace {

constexpr u64 code64 = 0x00af9b000000ffff, call_gate = 0x0000ec0000080000;
constexpr u64 argument_va = 0x10000;
constexpr u32 most_entries = arch::guest_gdt_pages * 512;

class Kernel {
    alignas(page_size) std::array<u64, 512> frames_{};

  public:
    host::TestDomain domain{1};
    machine::VcpuState state;

    Kernel() {
        windows_loaded = 0;
        watched = {};
        host::reset_cpu();
        vcpu().arch = &state;
        host::guest().map(Vaddr{argument_va}, frames_.data(), page_size);
    }
    ~Kernel() {
        host::reset_cpu();
        for (TypeRef& frame : state.gdt_frames)
            frame.reset();
        for (TypeRef& frame : state.ldt_frames)
            frame.reset();
        state.kernel_root.reset();
        vcpu().arch = nullptr;
        host::guest().clear();
    }
    Kernel(Kernel const&) = delete;
    Vcpu& vcpu() { return domain.vcpu(); }
    bool sets_gdt(std::initializer_list<Mfn> frames, u32 entries) {
        usize n = 0;
        for (Mfn const m : frames)
            frames_[n++] = m.raw();
        return hypercall::set_gdt(vcpu(), GuestPtr<u64 const>{argument_va}, entries).has_value();
    }
    bool updates(Mfn frame, u32 slot, u64 descriptor) {
        return hypercall::update_descriptor(vcpu(), maddr_of(frame).raw() + slot * 8, descriptor).has_value();
    }
};

}  // namespace

TEST_CASE("DT-1 the frames of a GDT are checked, held, and let go of by the next one") {
    Kernel k;
    Mfn const first = k.domain.new_frame(), second = k.domain.new_frame();
    machine::frame_as<u64>(first)[3] = code64;
    CHECK(k.sets_gdt({first}, 512));
    CHECK(mm::page_of(first)->type() == PageType::segdesc);
    CHECK(mm::page_of(first)->type_count() == 1);
    CHECK((machine::frame_as<u64>(first)[3] >> 45 & 3) == 3);  // DPL 3, whatever was asked for
    CHECK(k.sets_gdt({second, first}, 513));
    CHECK(mm::page_of(first)->type_count() == 1);
    CHECK(k.sets_gdt({}, 0));
    CHECK(mm::page_of(first)->type_count() == 0);
    CHECK(mm::page_of(second)->type_count() == 0);
}

TEST_CASE("DT-1 a GDT that is refused leaves the old one as it was") {
    Kernel k;
    host::TestDomain other{2};
    Mfn const good = k.domain.new_frame(), bad = k.domain.new_frame();
    machine::frame_as<u64>(bad)[7] = call_gate;
    REQUIRE(k.sets_gdt({good}, 16));
    for (Mfn const m : {bad, other.new_frame(), host::hole_start, host::device_frame})
        CHECK_FALSE(k.sets_gdt({good, m}, 1024));
    CHECK_FALSE(k.sets_gdt({good}, most_entries + 1));
    CHECK_FALSE(hypercall::set_gdt(k.vcpu(), GuestPtr<u64 const>{0x900000}, 1).has_value());
    CHECK_FALSE(arch::set_gdt(k.vcpu(), {}, 1).has_value());
    CHECK(k.state.gdt_entries == 16);
    CHECK(mm::page_of(good)->type_count() == 1);
    CHECK(windows_loaded == 0);  // it does not run
}

TEST_CASE("TLB-1 a running vcpu's windows let go of frames before their types do") {
    Kernel k;
    host::cpu().current = &k.vcpu();
    Mfn const old = k.domain.new_frame();
    watched = old;
    CHECK(k.sets_gdt({old}, 8));
    CHECK(windows_loaded == 1);
    CHECK((was_shown && uses_then == 1));
    CHECK(k.sets_gdt({k.domain.new_frame()}, 8));
    CHECK(windows_loaded == 2);
    CHECK((!was_shown && uses_then == 1));
    CHECK(mm::page_of(old)->type_count() == 0);

    Mfn const ldt = k.domain.new_frame();
    watched = ldt;
    k.state.ldt_entries = 8;
    k.state.ldt_frames[0] = *TypeRef::take(*mm::page_of(ldt), PageType::segdesc, k.domain->memory);
    arch::forget_ldt_pages(k.vcpu());
    CHECK(windows_loaded == 3);
    CHECK((!was_shown && uses_then == 1));
    CHECK(mm::page_of(ldt)->type_count() == 0);
}

TEST_CASE("DT-1 descriptors are written checked, into the guest's own frames") {
    Kernel k;
    host::TestDomain other{2};
    Mfn const table = k.domain.new_frame(), plain = k.domain.new_frame();
    REQUIRE(k.sets_gdt({table}, 512));
    CHECK(k.updates(table, 5, code64));
    CHECK(machine::frame_as<u64>(table)[5] == (code64 | u64{3} << 45));
    CHECK(k.updates(plain, 5, 0));
    CHECK_FALSE(k.updates(table, 6, call_gate));
    CHECK_FALSE(k.updates(plain, 6, call_gate));
    CHECK(machine::frame_as<u64>(table)[6] == 0);
    CHECK_FALSE(k.updates(other.new_frame(), 0, code64));
    CHECK_FALSE(k.updates(host::hole_start, 0, code64));
    CHECK_FALSE(hypercall::update_descriptor(k.vcpu(), maddr_of(table).raw() + 4, code64).has_value());
    CHECK(mm::page_of(plain)->type_count() == 0);
}

TEST_CASE("DT-3 no page of an LDT is there beyond its end, or where nothing is mapped") {
    Kernel k;
    CHECK_FALSE(arch::fault_in_ldt_page(k.vcpu(), 0));  // no LDT
    k.state.ldt_base = 0x700000;
    k.state.ldt_entries = 600;
    CHECK_FALSE(arch::fault_in_ldt_page(k.vcpu(), 2));
    CHECK_FALSE(arch::fault_in_ldt_page(k.vcpu(), arch::ldt_window_pages));
}

TEST_CASE("DT-1 pages of an LDT are checked at their first use, and forgotten together") {
    Kernel k;
    std::array<Mfn, 4> tables{};
    for (Mfn& m : tables)
        m = k.domain.new_frame();
    Mfn const ldt = k.domain.new_frame(), gates = k.domain.new_frame();
    machine::frame_as<u64>(gates)[0] = call_gate;
    for (unsigned i = 0; i < 3; ++i)
        pt::table(tables[i])[0] = pt::entry(tables[i + 1], pt::table_flags);
    pt::table(tables[3])[1] = pt::entry(ldt, pt::readonly_flags);
    pt::table(tables[3])[2] = pt::entry(gates, pt::readonly_flags);
    k.state.kernel_root = *TypeRef::take(*mm::page_of(tables[0]), PageType::l4, k.domain->memory);
    k.state.ldt_base = 0x1000;
    k.state.ldt_entries = 1536;
    CHECK(arch::fault_in_ldt_page(k.vcpu(), 0));
    CHECK(mm::page_of(ldt)->type() == PageType::segdesc);
    CHECK_FALSE(arch::fault_in_ldt_page(k.vcpu(), 0));  // it is there: some other fault
    CHECK_FALSE(arch::fault_in_ldt_page(k.vcpu(), 1));  // a gate
    CHECK_FALSE(arch::fault_in_ldt_page(k.vcpu(), 2));  // not mapped
    arch::forget_ldt_pages(k.vcpu());
    k.state.ldt_entries = 0;
    CHECK(mm::page_of(ldt)->type_count() == 0);
    arch::forget_ldt_pages(k.vcpu());
}
