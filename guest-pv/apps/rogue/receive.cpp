// SPDX-License-Identifier: MIT
// Pages posted that cannot be written, or not enough of them. The peer sends
// what is to be received.
#include "guest-pv/apps/rogue/attack.hpp"

namespace rogue {

namespace {

// With so many posted a card takes the pages over, where one is to.
constexpr u32 enough = RawVif::buffer_count / 4;

// Every page comes back, and none with a frame; good ones serve afterwards.
bool all_come_back_empty(RawVif& vif, u32 pages) {
    vif.publish();
    bool const back = eventually([&] {
        vif.ask_peer();
        vif.collect();
        return vif.seen().errors == pages && vif.seen().frames == 0;
    });
    vif.post_buffers();
    return back && vif.serves();
}

bool wild_pages(RawVif& vif) {
    for (u32 i = 0; i < enough; ++i)
        vif.post(GrantRef{wild_references[i % wild_references.size()]});
    return all_come_back_empty(vif, enough);
}

bool read_only_pages(RawVif& vif) {
    for (u32 i = 0; i < enough; ++i)
        vif.post(vif.source());
    return all_come_back_empty(vif, enough);
}

bool one_page_everywhere(RawVif& vif) {
    for (u32 i = 0; i < RawVif::buffer_count; ++i)
        vif.post_buffer(0);
    vif.publish();
    return vif.serves();
}

// What waits is bounded, and dropped after a while.
bool no_pages(RawVif& vif) {
    for (u32 i = 0; i < 2 * RawVif::buffer_count; ++i) {
        vif.ask_peer();
        vif.collect();
        rt::sleep_for(20 * rt::microsecond);
    }
    return vif.seen().frames == 0;
}

// Seen when there is a frame to be received.
bool far_ahead(RawVif& vif) {
    vif.run_ahead(RawVif::rx, RawVif::buffer_count + 1);
    vif.ask_peer();
    rt::sleep_for(5 * rt::millisecond);
    return vif.is_cut_off();
}

constexpr std::array attacks{
    Attack{"receive into pages that nobody granted", wild_pages, RawVif::Posting::none},
    Attack{"receive into pages that are only to be read", read_only_pages, RawVif::Posting::none},
    Attack{"receive into one page posted everywhere", one_page_everywhere, RawVif::Posting::none},
    Attack{"receive without pages", no_pages, RawVif::Posting::none},
    Attack{"receive producer beyond the ring", far_ahead},
};

}  // namespace

constinit std::span<Attack const> const receive_attacks{attacks};

}  // namespace rogue
