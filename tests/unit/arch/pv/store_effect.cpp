// SPDX-License-Identifier: MIT
// The emulated store forms against the CPU that runs this test: the same bytes
// are decoded by us and executed for real.
#include "arch/pv/store_effect.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>
#include <sys/mman.h>

#include <cstring>
#include <string>
#include <vector>

#include "arch/cpu/control_regs.hpp"

namespace {

using Bytes = std::vector<u8>;

struct After {
    u64 flags, rax, rsi;
};

// Runs `insn`, whose memory operand must be (%rdi) and whose register is RSI.
class RealCpu {
    u8* page_;

  public:
    RealCpu()
        : page_{static_cast<u8*>(mmap(nullptr, page_size, PROT_READ | PROT_WRITE | PROT_EXEC,
                                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))} {}
    ~RealCpu() { munmap(page_, page_size); }

    After run(Bytes const& insn, u64& memory, u64 rsi, u64 rax, u64 flags) {
        Bytes code{0x48, 0x89, 0xd0, 0x51, 0x9d};  // mov %rdx,%rax; push %rcx; popf
        code.insert(code.end(), insn.begin(), insn.end());
        Bytes const tail{0x9c, 0x41, 0x8f, 0x00,         // pushf; pop (%r8)
                         0x49, 0x89, 0x40, 0x08,         // mov %rax,8(%r8)
                         0x49, 0x89, 0x70, 0x10, 0xc3};  // mov %rsi,16(%r8); ret
        code.insert(code.end(), tail.begin(), tail.end());
        std::memcpy(page_, code.data(), code.size());
        After after{};
        reinterpret_cast<void (*)(u64*, u64, u64, u64, After*)>(page_)(&memory, rsi, rax, flags, &after);
        return after;
    }
};

struct Form {
    char const* name;
    Bytes bytes;
    u64 undefined_flags = 0;
};

namespace fl = arch::flags;

// Memory operand (%rdi): ModRM with rm = 7, mod = 0; register RSI: reg = 6.
std::vector<Form> const forms{
    {"mov %rsi,(%rdi)", {0x48, 0x89, 0x37}},
    {"mov %esi,(%rdi)", {0x89, 0x37}},
    {"mov %si,(%rdi)", {0x66, 0x89, 0x37}},
    {"mov %sil,(%rdi)", {0x40, 0x88, 0x37}},
    {"movq $imm,(%rdi)", {0x48, 0xc7, 0x07, 0x67, 0x45, 0x23, 0x81}},
    {"movb $imm,(%rdi)", {0xc6, 0x07, 0xa5}},
    {"movnti %rsi,(%rdi)", {0x48, 0x0f, 0xc3, 0x37}},
    {"xchg %rsi,(%rdi)", {0x48, 0x87, 0x37}},
    {"xchg %esi,(%rdi)", {0x87, 0x37}},
    {"lock btr $1,(%rdi)", {0xf0, 0x48, 0x0f, 0xba, 0x37, 0x01}, fl::pf | fl::af | fl::sf | fl::of},
    {"btr $5,(%rdi)", {0x48, 0x0f, 0xba, 0x37, 0x05}, fl::pf | fl::af | fl::sf | fl::of},
    {"bts $63,(%rdi)", {0x48, 0x0f, 0xba, 0x2f, 0x3f}, fl::pf | fl::af | fl::sf | fl::of},
    {"btc $9,(%rdi)", {0x0f, 0xba, 0x3f, 0x09}, fl::pf | fl::af | fl::sf | fl::of},
    {"lock andb $~2,(%rdi)", {0xf0, 0x80, 0x27, 0xfd}, fl::af},
    {"lock and %rsi,(%rdi)", {0xf0, 0x48, 0x21, 0x37}, fl::af},
    {"or %rsi,(%rdi)", {0x48, 0x09, 0x37}, fl::af},
    {"xor %esi,(%rdi)", {0x31, 0x37}, fl::af},
    {"add %rsi,(%rdi)", {0x48, 0x01, 0x37}},
    {"addw %si,(%rdi)", {0x66, 0x01, 0x37}},
    {"sub %rsi,(%rdi)", {0x48, 0x29, 0x37}},
    {"subb $imm,(%rdi)", {0x80, 0x2f, 0x81}},
    {"subq $imm8,(%rdi)", {0x48, 0x83, 0x2f, 0x81}},
    {"orq $imm32,(%rdi)", {0x48, 0x81, 0x0f, 0x78, 0x56, 0x34, 0x92}, fl::af},
    {"lock cmpxchg %rsi,(%rdi)", {0xf0, 0x48, 0x0f, 0xb1, 0x37}},
    {"cmpxchg %esi,(%rdi)", {0x0f, 0xb1, 0x37}},
    {"lock xadd %rsi,(%rdi)", {0xf0, 0x48, 0x0f, 0xc1, 0x37}},
    {"incq (%rdi)", {0x48, 0xff, 0x07}},
    {"decb (%rdi)", {0xfe, 0x0f}},
    {"notq (%rdi)", {0x48, 0xf7, 0x17}},
    {"negl (%rdi)", {0xf7, 0x1f}},
};

constexpr u64 arithmetic = fl::cf | fl::pf | fl::af | fl::zf | fl::sf | fl::of;

struct Emulated {
    u64 memory;
    arch::Frame frame;
    usize length;
};

Emulated emulate(Bytes const& bytes, u64 memory, u64 rsi, u64 rax, u64 flags) {
    arch::Frame f{};
    f.rsi = rsi;
    f.rax = rax;
    f.rflags = flags;
    auto i = pv::decode(bytes);
    REQUIRE(i);
    auto const form = pv::store_form(*i, f);
    REQUIRE(form);
    u64 old = 0;
    std::memcpy(&old, &memory, form->bytes);
    pv::StoreEffect const e = pv::store_effect(*i, *form, f, old);
    if (e.stores)
        std::memcpy(&memory, &e.value, e.bytes);
    if (e.writes_register)
        pv::write_gpr(f, *i, e.reg, e.bytes, e.reg_value);
    f.rflags = (f.rflags & ~e.flags_changed) | (e.flags & e.flags_changed);
    return {memory, f, i->length};
}

}  // namespace

TEST_CASE("PT-18 every emulated store does what the CPU does") {
    RealCpu cpu;
    for (Form const& form : forms) {
        bool const ok = rc::check(form.name, [&](u64 memory, u64 rsi, bool hit, u64 other, bool carry) {
            u64 const rax = hit ? memory : other;
            u64 const flags = fl::fixed | (carry ? fl::cf : 0);
            Emulated const e = emulate(form.bytes, memory, rsi, rax, flags);
            u64 real = memory;
            After const a = cpu.run(form.bytes, real, rsi, rax, flags);
            u64 const defined = arithmetic & ~form.undefined_flags;
            RC_ASSERT(e.memory == real);
            RC_ASSERT((e.frame.rflags & defined) == (a.flags & defined));
            RC_ASSERT(e.frame.rax == a.rax);
            RC_ASSERT(e.frame.rsi == a.rsi);
            RC_ASSERT(e.length == form.bytes.size());
        });
        CHECK(ok);
    }
}

TEST_CASE("PT-18 D6 any other instruction is refused") {
    std::vector<Form> const refused{
        {"push (%rdi)", {0xff, 0x37}},
        {"call (%rdi)", {0xff, 0x17}},
        {"adc %rsi,(%rdi)", {0x48, 0x11, 0x37}},
        {"rol (%rdi)", {0x48, 0xd1, 0x07}},
        {"mov %rsi,%rdi", {0x48, 0x89, 0xf7}},
        {"mov (%rdi),%rsi", {0x48, 0x8b, 0x37}},
        {"cmp %rsi,(%rdi)", {0x48, 0x39, 0x37}},
        {"bt $1,(%rdi)", {0x48, 0x0f, 0xba, 0x27, 0x01}},
        {"stosq", {0x48, 0xab}},
        {"movq $imm with bytes missing", {0x48, 0xc7, 0x07, 0x01}},
        {"mov with address-size prefix", {0x67, 0x48, 0x89, 0x37}},
    };
    for (Form const& form : refused) {
        arch::Frame f{};
        auto i = pv::decode(form.bytes);
        INFO(form.name);
        CHECK((!i || !pv::store_form(*i, f)));
    }
}

TEST_CASE("PT-18 a register bit index outside the entry is refused") {
    arch::Frame f{};
    f.rsi = 64;
    Bytes const bts{0x48, 0x0f, 0xab, 0x37};
    auto i = pv::decode(bts);
    REQUIRE(i);
    CHECK(!pv::store_form(*i, f));
    f.rsi = 63;
    i = pv::decode(bts);
    CHECK(pv::store_form(*i, f));
}

TEST_CASE("PT-18 no bytes make the decoder read past its end") {
    CHECK(rc::check("decode stays inside", [](std::vector<u8> bytes) {
        bytes.resize(std::min<usize>(bytes.size(), pv::max_instruction));
        bytes.shrink_to_fit();
        arch::Frame f{};
        if (auto i = pv::decode(bytes)) {
            (void)pv::store_form(*i, f);
            RC_ASSERT(i->length <= bytes.size());
        }
    }));
}
