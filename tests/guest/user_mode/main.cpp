// SPDX-License-Identifier: MIT
// Guest user mode: a page table of its own, entered by the iret hypercall, left
// by SYSCALL, which reaches the guest's kernel and not the hypervisor.
#include <array>
#include <cstring>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/verdict.hpp"

extern "C" {
void enter_user(u64 rip, u64 rsp);
void user_syscall();
extern u64 user_frame[7];
extern u64 user_registers[4];
}

namespace {

using namespace rt;
namespace pt = rt::page_table;

constexpr u64 user_code = 0x10000000;
constexpr u64 user_stack_top = user_code + 2 * page_size;
constexpr usize l2_slot = user_code >> 21;

// std; mov %rcx,%rdx; mov %r11,%rsi; mov $0x5678,%edi; push %rdi; syscall
constexpr std::array<u8, 15> program{0xfd, 0x48, 0x89, 0xca, 0x4c, 0x89, 0xde, 0xbf,
                                     0x78, 0x56, 0x00, 0x00, 0x57, 0x0f, 0x05};

// push $0xe023; push $compat_code; lretq; 32-bit: mov $0x8765,%edi; syscall
constexpr u64 compat_start = user_code + 0x100, compat_code = compat_start + 12;
constexpr std::array<u8, 19> compat_program{0x68, 0x23, 0xe0, 0x00, 0x00, 0x68, 0x0c, 0x01, 0x00, 0x10,
                                            0x48, 0xcb, 0xbf, 0x65, 0x87, 0x00, 0x00, 0x0f, 0x05};

s64 ext(unsigned cmd, Mfn mfn) {
    mmuext_op_t op{};
    op.cmd = cmd;
    op.arg1.mfn = mfn.raw();
    return verdict::raw(hypercall::mmuext_op({&op, 1}));
}

s64 set_va(Pages const& page, u64 flags) {
    return verdict::raw(hypercall::update_va_mapping(Vaddr{hypercall::address(page.data())},
                                                     pt::entry_for(page.mfn(), flags), UVMF_INVLPG));
}

// A root with one page of code and one of stack, and nothing of the kernel.
struct UserSpace {
    Pages l4 = *Pages::allocate(), l3 = *Pages::allocate(), l2 = *Pages::allocate(), l1 = *Pages::allocate();
    Pages code = *Pages::allocate(), stack = *Pages::allocate();

    UserSpace() {
        std::memcpy(code.data(), program.data(), program.size());
        std::memcpy(code.data() + (compat_start - user_code), compat_program.data(), compat_program.size());
        l4.as<u64>()[0] = pt::entry_for(l3.mfn(), pt::table);
        l3.as<u64>()[0] = pt::entry_for(l2.mfn(), pt::table);
        l2.as<u64>()[l2_slot] = pt::entry_for(l1.mfn(), pt::table);
        l1.as<u64>()[0] = pt::entry_for(code.mfn(), pt::code);
        l1.as<u64>()[1] = pt::entry_for(stack.mfn(), pt::data);
        for (Pages const* table : {&l4, &l3, &l2, &l1})
            CHECK_ANSWER(set_va(*table, pt::read_only_data), 0);
    }
    ~UserSpace() {
        for (Pages const* table : {&l4, &l3, &l2, &l1})
            CHECK_ANSWER(set_va(*table, pt::data), 0);
    }
    UserSpace(UserSpace const&) = delete;
};

void check_crossing() {
    enter_user(user_code, user_stack_top);
    CHECK(user_registers[0] == 0x99);
    CHECK(user_registers[1] == 0x77);  // RCX and R11 came out of the frame
    CHECK(user_registers[2] == 0x88);
    CHECK(user_registers[3] == 0x5678);
    CHECK(user_frame[0] == user_code + program.size());  // RCX: behind the SYSCALL
    CHECK(user_frame[2] == user_code + program.size());
    CHECK((user_frame[3] & 3) == 3);
    CHECK((user_frame[4] & 0x200) == 0);  // events are masked still
    CHECK((user_frame[4] & 0x400) != 0);  // the direction is the user's
    CHECK(user_frame[5] == user_stack_top - 8);
}

// Only AMD's processors let 32-bit code do it.
bool has_compat_syscall() {
    u32 a = 0, b = 0, c = 0, d = 0;
    asm volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(0));
    constexpr u32 auth = 0x68747541;
    return b == auth;
}

// 32-bit code reaches the entry that was registered for it.
void check_compat_crossing() {
    enter_user(compat_start, user_stack_top - 64);  // below what the other program pushed
    CHECK(user_registers[3] == 0x8765);
    CHECK(user_frame[2] == compat_start + compat_program.size());
    CHECK((user_frame[3] & 0xffff) == 0xe023);
}

void register_entry(u16 type) {
    callback_register_t cb{};
    cb.type = type;
    cb.flags = CALLBACKF_mask_events;
    cb.address = hypercall::address(reinterpret_cast<void const*>(&user_syscall));
    CHECK_ANSWER(hypercall::callback_op(CALLBACKOP_register, cb), 0);
}

}  // namespace

int main() {
    register_entry(CALLBACKTYPE_syscall);
    if (has_compat_syscall())
        register_entry(CALLBACKTYPE_syscall32);
    {
        UserSpace user;
        CHECK_ANSWER(ext(MMUEXT_NEW_USER_BASEPTR, user.code.mfn()), Errno::inval);
        CHECK_ANSWER(ext(MMUEXT_PIN_L4_TABLE, user.l4.mfn()), 0);
        CHECK_ANSWER(ext(MMUEXT_NEW_USER_BASEPTR, user.l4.mfn()), 0);
        check_crossing();
        check_crossing();
        if (has_compat_syscall())
            check_compat_crossing();
        CHECK(user.stack.as<u64>()[511] == 0x5678);
        CHECK_ANSWER(ext(MMUEXT_NEW_USER_BASEPTR, Mfn{0}), 0);
        CHECK_ANSWER(ext(MMUEXT_UNPIN_TABLE, user.l4.mfn()), 0);
    }
    return verdict::finish();
}
