// SPDX-License-Identifier: MIT
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/hostile/attacks.hpp"
#include "tests/guest/verdict.hpp"

namespace hostile {
namespace {

using namespace rt;

bool refused = false;

// IN and OUT by DX: one byte, two with a prefix.
bool step_over(Registers& r) {
    refused = true;
    r.rip += *reinterpret_cast<u8 const*>(r.rip) == 0x66 ? 2 : 1;
    return true;
}

}  // namespace

// CP-1 CP-2: a guest without devices reaches no port, with all the privilege that it can ask
// for. The first domain does, and what it would break is the machine that this runs on.
void attack_by_ports() {
    if (is_initial_domain())
        return;
    on_exception(Vector::general_protection, step_over);
    physdev_set_iopl_t iopl{.iopl = 3};
    CHECK_ANSWER(hypercall::physdev_op(PHYSDEVOP_set_iopl, iopl), 0);
    unsigned reached = 0;
    for (u32 port = 0; port < 0x10000; port += port < 0x400 ? 1 : 0x3f) {
        u32 value = ~0u;
        refused = false;
        asm volatile("inl %w1, %0" : "+a"(value) : "d"(port) : "memory");
        reached += !refused && value != ~0u;
        asm volatile("outl %0, %w1" ::"a"(0), "d"(port) : "memory");
    }
    CHECK(reached == 0);
    iopl.iopl = 1;
    CHECK_ANSWER(hypercall::physdev_op(PHYSDEVOP_set_iopl, iopl), 0);
}

}  // namespace hostile
