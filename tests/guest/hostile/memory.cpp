// SPDX-License-Identifier: MIT
#include <array>

#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/hostile/attacks.hpp"
#include "tests/guest/verdict.hpp"

namespace hostile {
namespace {

using namespace rt;

constexpr std::array counts{u64{1}, u64{1} << 31, u64{1} << 52, u64{1} << 61, (u64{1} << 63) - 1, ~u64{0}};
constexpr std::array addresses{
    u64{0}, u64{0x10}, u64{1} << 47, u64{0xffff800000000000}, u64{0xffff830000000000}, ~u64{0} - 7};

s64 frames(unsigned question) {
    domid_t dom = DOMID_SELF;
    return verdict::raw(hypercall::memory_op(question, dom));
}

xen_memory_reservation_t extents(u64 address, u64 count, unsigned order) {
    xen_memory_reservation_t r{};
    set_xen_guest_handle_raw(r.extent_start, reinterpret_cast<xen_pfn_t*>(address));
    r.nr_extents = count;
    r.extent_order = order;
    r.domid = DOMID_SELF;
    return r;
}

// MM-1 MM-3 HC-2 HC-8: any number of extents of any size at any address. How many
// frames came of it: where no list is given, and the limit not reached, some may.
s64 ask_for_any_size() {
    s64 got = 0;
    for (unsigned const cmd : {XENMEM_populate_physmap, XENMEM_increase_reservation})
        for (u64 const address : addresses)
            for (u64 const count : counts)
                for (unsigned const order : {0u, 9u, 19u, 31u, 63u, ~0u}) {
                    auto r = extents(address, count, order);
                    s64 const done = verdict::raw(hypercall::memory_op(cmd, r));
                    CHECK(done <= 0 || order <= 9);
                    got += done > 0 ? done << order : 0;
                }
    return got;
}

// The same for what is given back: nothing that is not there.
void give_back_any_size() {
    static std::array<xen_pfn_t, 4> frames{~u64{0}, u64{1} << 40, u64{1} << 52, (u64{1} << 52) - 1};
    for (unsigned const order : {0u, 9u, 19u, 31u, 63u, ~0u}) {
        auto r = extents(hypercall::address(frames.data()), frames.size(), order);
        CHECK(verdict::raw(hypercall::memory_op(XENMEM_decrease_reservation, r)) <= 0);
    }
}

// MM-2: both sides of an exchange, and how far it is said to be already
void exchange_any_size() {
    for (u64 const in : addresses)
        for (u64 const count : counts)
            for (unsigned const order : {0u, 9u, 63u}) {
                xen_memory_exchange_t x{};
                x.in = extents(in, count, order);
                x.out = extents(addresses[2], count, 0);
                x.nr_exchanged = count - 1;
                CHECK(verdict::raw(hypercall::memory_op(XENMEM_exchange, x)) < 0);
            }
}

}  // namespace

void attack_by_memory() {
    s64 const before = frames(XENMEM_current_reservation);
    s64 const got = ask_for_any_size();
    give_back_any_size();
    exchange_any_size();
    CHECK(frames(XENMEM_current_reservation) == before + got);
    CHECK(before + got <= frames(XENMEM_maximum_reservation));
}

}  // namespace hostile
