// SPDX-License-Identifier: MIT
// EX-1: a system call in the last bytes below the non-canonical range has no
// place to return to. The guest is told, by its failsafe callback or a fault.
#include <cstring>

#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/verdict.hpp"

extern "C" {
u64 run_at(u64 address);  // how it came back: 0 from a fault, 1 by the failsafe callback
void failsafe();
void come_back();
}

namespace {

using namespace rt;
namespace pt = rt::page_table;

constexpr u64 last_page = (u64{1} << 47) - page_size;

bool leave(Registers& r) {
    r.rip = reinterpret_cast<u64>(&come_back);
    return true;
}

void map_last_page(Pages const& code) {
    std::memcpy(code.data() + page_size - 2, "\x0f\x05", 2);
    std::memcpy(code.data() + page_size - 8, "\x0f\x05\xff\xe3", 4);  // syscall; jmp *%rbx
    NEED(pt::create(Vaddr{last_page}, 1));
    // It is executed where it is read-only only.
    CHECK_ANSWER(
        hypercall::update_va_mapping(Vaddr{last_page}, pt::entry_for(code.mfn(), pt::code), UVMF_INVLPG), 0);
}

}  // namespace

int main() {
    callback_register_t cb{};
    cb.type = CALLBACKTYPE_failsafe;
    cb.address = hypercall::address(reinterpret_cast<void const*>(&failsafe));
    CHECK_ANSWER(hypercall::callback_op(CALLBACKOP_register, cb), 0);
    on_exception(Vector::general_protection, leave);
    on_exception(Vector::page_fault, leave);
    auto const code = Pages::allocate();
    NEED(code);
    map_last_page(*code);
    // From a little before, there is a way back.
    CHECK(run_at(last_page + page_size - 8) == 2);
    for (unsigned i = 0; i < 3; ++i)
        CHECK(run_at(last_page + page_size - 2) <= 1);
    return verdict::finish();
}
