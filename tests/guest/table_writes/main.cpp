// SPDX-License-Identifier: MIT
// Stores to an L1 table through its read-only mapping are carried out by the
// hypervisor, as Linux needs: plain, exchanging, and read-modify-write ones. An
// illegal entry faults instead.
#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/entries.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;
namespace pt = rt::page_table;

s64 ext(unsigned cmd, Mfn mfn) {
    mmuext_op_t op{};
    op.cmd = cmd;
    op.arg1.mfn = mfn.raw();
    return verdict::raw(hypercall::mmuext_op({&op, 1}));
}

s64 set_va(void const* at, u64 entry) {
    return verdict::raw(hypercall::update_va_mapping(Vaddr{hypercall::address(at)}, entry, UVMF_INVLPG));
}

void check_stores(u64* entry, u64 good) {
    // Inline assembly: the instruction is what is tested.
    asm volatile("movq %1, %0" : "=m"(*entry) : "r"(good));
    CHECK(same_entry(*entry, good));
    u64 swapped = 0;
    asm volatile("xchgq %1, %0" : "+m"(*entry), "+r"(swapped));
    CHECK(same_entry(swapped, good) && *entry == 0);
    asm volatile("movq %1, %0" : "=m"(*entry) : "r"(good));
    bool was = false;
    asm volatile("lock btrq $1, %0" : "+m"(*entry), "=@ccc"(was));
    CHECK(was && same_entry(*entry, (good & ~pt::writable)));
    asm volatile("lock btsq $1, %0" : "+m"(*entry), "=@ccc"(was));
    CHECK(!was && same_entry(*entry, good));
    asm volatile("lock andb $~0x60, %0" : "+m"(*reinterpret_cast<u8*>(entry)));
    CHECK(same_entry(*entry, (good & ~(pt::accessed | pt::dirty))));
    asm volatile("lock orb $0x60, %0" : "+m"(*reinterpret_cast<u8*>(entry)));
    CHECK(same_entry(*entry, good));
}

void check_compare_exchange(u64* entry, u64 good) {
    u64 expected = *entry;
    bool equal = false;
    asm volatile("lock cmpxchgq %3, %0"
                 : "+m"(*entry), "+a"(expected), "=@ccz"(equal)
                 : "r"(good & ~pt::writable));
    CHECK(equal && same_entry(*entry, (good & ~pt::writable)));
    expected = 12345;
    asm volatile("lock cmpxchgq %3, %0" : "+m"(*entry), "+a"(expected), "=@ccz"(equal) : "r"(good));
    CHECK(!equal && same_entry(expected, good & ~pt::writable));
}

// A writable view of the table itself: refused, and nothing changes.
void check_illegal(u64* entry, Mfn table) {
    u64 const before = *entry;
    CHECK(!try_write(entry, pt::entry_for(table, pt::data)));
    CHECK(*entry == before);
    CHECK(!try_write(entry, pt::entry_for(Mfn{u64{1} << 39}, pt::data)));
    CHECK(*entry == before);
    CHECK(try_write(entry, 0));
    CHECK(*entry == 0);
}

}  // namespace

int main() {
    auto table = Pages::allocate(), target = Pages::allocate();
    u64 const good = pt::entry_for(target->mfn(), pt::data);
    CHECK_ANSWER(set_va(table->data(), pt::entry_for(table->mfn(), pt::read_only_data)), 0);
    u64* const entry = table->as<u64>() + 100;
    // Read-only, but not a table: an ordinary fault.
    CHECK(!try_write(entry, good));
    CHECK_ANSWER(ext(MMUEXT_PIN_L1_TABLE, table->mfn()), 0);
    check_stores(entry, good);
    check_compare_exchange(entry, good);
    check_illegal(entry, table->mfn());
    CHECK_ANSWER(ext(MMUEXT_UNPIN_TABLE, table->mfn()), 0);
    CHECK_ANSWER(set_va(table->data(), pt::entry_for(table->mfn(), pt::data)), 0);
    return verdict::finish();
}
