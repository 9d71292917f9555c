// SPDX-License-Identifier: MIT
// D8: what a domain may make the hypervisor hold, it gets up to the limit, whatever
// there is left for others (test_set_aside.py); handles are in map_handles
#include <charconv>
#include <memory>
#include <set>
#include <vector>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/pinned_table.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

void check_grant_frames() {
    gnttab_query_size_t size{.dom = DOMID_SELF, .nr_frames = 0, .max_nr_frames = 0, .status = 0};
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_query_size, size), 0);
    NEED(size.status == GNTST_okay && size.max_nr_frames > size.nr_frames);
    std::vector<xen_pfn_t> frames(size.max_nr_frames);
    gnttab_setup_table_t setup{};
    setup.dom = DOMID_SELF;
    setup.nr_frames = size.max_nr_frames;
    set_xen_guest_handle(setup.frame_list, frames.data());
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_setup_table, setup), 0);
    CHECK(setup.status == GNTST_okay);
    CHECK((std::set<xen_pfn_t>{frames.begin(), frames.end()}.size() == frames.size()));
    std::printf("%u grant frames\n", size.max_nr_frames);
}

void check_channels() {
    std::vector<u32> ports;
    s64 refusal = 0;
    for (;;) {
        evtchn_alloc_unbound_t open{DOMID_SELF, DOMID_SELF, 0};
        refusal = verdict::raw(hypercall::event_channel_op(EVTCHNOP_alloc_unbound, open));
        if (refusal != 0)
            break;
        ports.push_back(open.port);
    }
    CHECK_ANSWER(refusal, Errno::nospc);
    // The toolstack and the kit have some.
    CHECK(ports.size() > EVTCHN_2L_NR_CHANNELS - 32 && ports.size() < EVTCHN_2L_NR_CHANNELS);
    for (u32 const port : ports) {
        evtchn_close_t close{port};
        CHECK_ANSWER(hypercall::event_channel_op(EVTCHNOP_close, close), 0);
    }
    std::printf("%zu channels\n", ports.size());
}

// With page-table isolation each takes a frame of the hypervisor's.
void check_roots() {
    auto const word = command_line_option("roots");
    usize count = 60;
    std::from_chars(word.data(), word.data() + word.size(), count);
    std::vector<std::unique_ptr<PinnedTable>> roots;
    while (roots.size() < count)
        roots.push_back(std::make_unique<PinnedTable>(MMUEXT_PIN_L4_TABLE));
    std::printf("%zu roots\n", roots.size());
}

}  // namespace

int main() {
    check_grant_frames();
    check_channels();
    check_roots();
    return verdict::finish();
}
