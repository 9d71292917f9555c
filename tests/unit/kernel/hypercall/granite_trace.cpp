// SPDX-License-Identifier: MIT
// The record that a walk needs: nobody waits while the memory for it is taken.
#include <catch2/catch_test_macros.hpp>

#include "kernel/abi/granite_op.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/mm/alloc_fault.hpp"
#include "kernel/mm/heap.hpp"
#include "kernel/trace/trace.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"

namespace {

constexpr u32 pages = 7;

Result<s64> record(host::TestDomain& driver, bool on) {
    return hypercall::granite_op(driver.vcpu(), granite_op::walk, on ? 1 : 0, 0, 0, 0);
}

}  // namespace

// The order counts: what is there stays.
TEST_CASE("to record for a walk is restarted while others wait, and refused without memory") {
    host::power_on();
    trace::set_room(pages);
    host::TestDomain driver{0, {.control = true, .console = true}};
    u64 const before = mm::heap_bytes_in_use();

    mm::alloc_fault::refuse_nth(pages);
    CHECK(record(driver, true) == Fail{Errno::nomem});
    mm::alloc_fault::stop();
    CHECK(trace::kinds() == 0);
    CHECK(mm::heap_bytes_in_use() == before);
    CHECK(record(driver, false) == 0);
    CHECK(mm::heap_bytes_in_use() == before);

    host::cpu().preempt = [] { return true; };
    for (u32 page = 0; page < pages; ++page) {
        CHECK(record(driver, true) == Fail{Errno::restart});
        CHECK(trace::kinds() == 0);
    }
    CHECK(record(driver, true) == 0);
    host::cpu().preempt = {};
    CHECK(trace::kinds() == trace::walk_kinds);
    CHECK(record(driver, false) == 0);
    CHECK(trace::kinds() == 0);
}
