// SPDX-License-Identifier: MIT
// Stores of a guest's kernel to L1 tables that it maps read-only: what becomes
// of the entry, and which fault stays a fault.
#include "arch/pv/emulate.hpp"

#include <algorithm>
#include <initializer_list>

#include "arch/cpu/control_regs.hpp"
#include "tests/unit/arch/pv/guest_on_tables.hpp"

// Its own test is that of emulate_privileged.
usize pv::fetch_instruction(arch::Frame const& f, std::span<u8, max_instruction> into) {
    return machine::copy_from_guest(into.data(), Vaddr{f.rip}, into.size()) ? into.size() : 0;
}

using namespace pt;

namespace {

constexpr u64 code_va = 0x400000;
constexpr u64 page_flags = data_flags | 4;  // a guest's kernel runs in ring 3, too
constexpr u64 l1_va = 0x2000;               // where SmallTree maps its L1 table

class Kernel : public Guest {
    alignas(page_size) std::array<std::byte, page_size> code_{};

  public:
    SmallTree tree{*this};
    arch::Frame regs{};

    Kernel() {
        host::guest().map(Vaddr{code_va}, code_.data(), page_size);
        REQUIRE(extended({on_frame(MMUEXT_PIN_L4_TABLE, tree.l4)}).has_value());
        REQUIRE(arch::set_kernel_root(vcpu, tree.l4).has_value());
    }
    u64& slot(unsigned n) { return table(tree.l1)[n]; }
    bool stores(std::initializer_list<u8> instruction, u64 at) {
        std::ranges::copy(std::as_bytes(std::span{instruction}), code_.begin());
        regs.rip = code_va;
        regs.rflags = arch::flags::rf;
        bool const done = pv::emulate_page_table_write(vcpu, regs, Vaddr{at});
        CHECK(regs.rip == code_va + (done ? instruction.size() : 0));
        return done;
    }
};

constexpr std::initializer_list<u8> mov_rax_to_rdi{0x48, 0x89, 0x07};
constexpr std::initializer_list<u8> mov_eax_to_rdi{0x89, 0x07};
constexpr std::initializer_list<u8> xchg_rax_with_rdi{0x48, 0x87, 0x07};
constexpr std::initializer_list<u8> cmpxchg_rcx_at_rdi{0x48, 0x0f, 0xb1, 0x0f};

}  // namespace

TEST_CASE("PT-18 a trapped store does to the entry and its counts what an update would") {
    Kernel k;
    Mfn const page = k.frame();
    k.regs.rax = entry(page, page_flags);
    REQUIRE(k.stores(mov_rax_to_rdi, l1_va + 8 * 40));
    CHECK(k.slot(40) == entry(page, page_flags));
    CHECK(mm::page_of(page)->type_count() == 1);
    k.regs.rax = 0;
    REQUIRE(k.stores(xchg_rax_with_rdi, l1_va + 8 * 40));
    CHECK(k.regs.rax == entry(page, page_flags));
    CHECK(k.slot(40) == 0);
    CHECK(mm::page_of(page)->type_count() == 0);
    CHECK((k.regs.rflags & arch::flags::rf) == 0);
}

TEST_CASE("PT-18 half an entry is checked as the whole that comes of it") {
    Kernel k;
    Mfn const page = k.frame();
    k.regs.rax = static_cast<u32>(entry(page, page_flags));
    REQUIRE(k.stores(mov_eax_to_rdi, l1_va + 8 * 41));
    CHECK(k.slot(41) == entry(page, page_flags));
    k.regs.rax = 0x7ff;  // a frame far away
    CHECK_FALSE(k.stores(mov_eax_to_rdi, l1_va + 8 * 41 + 4));
    CHECK(k.slot(41) == entry(page, page_flags));
    CHECK_FALSE(k.stores(mov_eax_to_rdi, l1_va + 8 * 41 + 2));
    CHECK_FALSE(k.stores(mov_rax_to_rdi, l1_va + 8 * 41 + 4));
}

TEST_CASE("PT-18 a comparison that fails stores nothing and says what was there") {
    Kernel k;
    u64 const before = k.slot(1);
    k.regs.rax = before + 1;
    k.regs.rcx = 0;
    REQUIRE(k.stores(cmpxchg_rcx_at_rdi, l1_va + 8));
    CHECK(k.slot(1) == before);
    CHECK(k.regs.rax == before);
    CHECK((k.regs.rflags & arch::flags::zf) == 0);
    REQUIRE(k.stores(cmpxchg_rcx_at_rdi, l1_va + 8));
    CHECK(k.slot(1) == 0);
    CHECK((k.regs.rflags & arch::flags::zf) != 0);
}

TEST_CASE("PT-18 what an update refuses stays a fault, and so does every other place") {
    Kernel k;
    k.regs.rax = entry(host::hole_start, data_flags);
    CHECK_FALSE(k.stores(mov_rax_to_rdi, l1_va + 8 * 40));
    k.regs.rax = entry(k.tree.l1, data_flags);  // a table, writable
    CHECK_FALSE(k.stores(mov_rax_to_rdi, l1_va + 8 * 40));
    CHECK(k.slot(40) == 0);
    k.regs.rax = 0;
    for (u64 const elsewhere : {u64{0x1000}, u64{0x3000}, u64{1} << 40, machine::hypervisor_start})
        CHECK_FALSE(k.stores(mov_rax_to_rdi, elsewhere));
    CHECK_FALSE(k.stores({0x0f, 0x0b}, l1_va));  // no store
    host::guest().unmap(Vaddr{code_va}, page_size);
    CHECK_FALSE(k.stores(mov_rax_to_rdi, l1_va));
}
