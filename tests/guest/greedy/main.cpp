// SPDX-License-Identifier: MIT
// MM-3: a domain gets no more memory than it may have, and than there is. Told to
// `hold` it, it leaves none to others (test_set_aside.py)
#include <algorithm>
#include <array>
#include <charconv>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

s64 pages_of(unsigned which) {
    domid_t self = DOMID_SELF;
    return verdict::raw(hypercall::memory_op(which, self));
}

// How many of `count` further pages there were; the kit does not know of them.
u64 take(u64 count) {
    std::array<xen_pfn_t, 256> frames{};
    u64 taken = 0;
    while (taken < count) {
        u64 const wanted = std::min<u64>(count - taken, frames.size());
        for (u64 i = 0; i < wanted; ++i)
            frames[i] = rt::start_info().nr_pages + taken + i;
        xen_memory_reservation_t more{};
        set_xen_guest_handle(more.extent_start, frames.data());
        more.nr_extents = wanted;
        more.domid = DOMID_SELF;
        s64 const got = verdict::raw(hypercall::memory_op(XENMEM_populate_physmap, more));
        if (got < 0 || static_cast<u64>(got) > wanted) {
            CHECK_ANSWER(got, 0);
            break;
        }
        taken += static_cast<u64>(got);
        if (static_cast<u64>(got) < wanted)
            break;
    }
    return taken;
}

}  // namespace

int main() {
    auto const word = command_line_option("pages");
    u64 wanted = 256;
    std::from_chars(word.data(), word.data() + word.size(), wanted);
    s64 const before = pages_of(XENMEM_current_reservation);
    u64 const taken = take(wanted);
    CHECK_ANSWER(pages_of(XENMEM_current_reservation), before + static_cast<s64>(taken));
    s64 const most = pages_of(XENMEM_maximum_reservation);
    CHECK(most < 0 || before + static_cast<s64>(taken) <= most);
    std::printf("%llu pages taken\n", static_cast<unsigned long long>(taken));
    int const done = verdict::finish();
    while (command_line().contains("hold"))
        sleep_for(Nanos{1'000'000'000});
    return done;
}
