// SPDX-License-Identifier: MIT
// Pages declared that are none, and taken back while they are in use.
#include <algorithm>

#include "guest-pv/apps/rogue/attack.hpp"

namespace rogue {

namespace {

constexpr u16 add = XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING, remove = XEN_NETIF_CTRL_TYPE_DEL_GREF_MAPPING;

bool is_refused(RawVif& vif, u16 type, u32 queue, u32 list, u32 entries) {
    auto const answer = vif.request(type, queue, list, entries);
    return answer && answer->status != XEN_NETIF_CTRL_STATUS_SUCCESS;
}

bool nonsense(RawVif& vif) {
    u32 const list = vif.list_page().raw();
    bool refused = is_refused(vif, 0xffff, 0, list, 1) && is_refused(vif, add, 0xffff'ffff, list, 1) &&
                   is_refused(vif, add, 0, list, 0xffff'ffff) && is_refused(vif, add, 0, list, 513);
    for (u32 const reference : wild_references)
        refused =
            refused && is_refused(vif, add, 0, reference, 1) && is_refused(vif, remove, 0, reference, 1);
    return refused && vif.serves();
}

// A list is declared whole or not at all.
bool wild_pages(RawVif& vif) {
    for (u32 const reference : wild_references) {
        vif.list()[0] = {.ref = vif.source().raw(), .flags = XEN_NETIF_CTRLF_GREF_readonly, .status = 0};
        vif.list()[1] = {.ref = reference, .flags = 0, .status = 0};
        if (!is_refused(vif, add, 0, vif.list_page().raw(), 2))
            return false;
    }
    return vif.serves();
}

bool twice(RawVif& vif) {
    vif.list()[0] = vif.list()[1] = {.ref = vif.source().raw(), .flags = 0, .status = 0};
    return is_refused(vif, add, 0, vif.list_page().raw(), 2) && !vif.declare() && vif.serves();
}

// Those with a card stay, the others go, and the frontend is told which.
bool taken_back_in_use(RawVif& vif) {
    for (u32 i = 0; i < RawVif::buffer_count; ++i)
        vif.list()[i] = {.ref = vif.buffer(i).raw(), .flags = 0, .status = 0xffff};
    vif.ask_peer();
    auto const answer = vif.request(remove, 0, vif.list_page().raw(), RawVif::buffer_count);
    if (!answer || answer->status != XEN_NETIF_CTRL_STATUS_SUCCESS)
        return false;
    auto const gone = std::ranges::count(vif.list().first(RawVif::buffer_count),
                                         u16{XEN_NETIF_CTRL_STATUS_SUCCESS}, &xen_netif_gref::status);
    return answer->data == static_cast<u32>(gone) && vif.serves();
}

bool far_ahead(RawVif& vif) {
    vif.run_ahead(RawVif::control, 1000);
    return vif.is_cut_off();
}

constexpr std::array attacks{
    Attack{"control requests that make no sense", nonsense},
    Attack{"declare pages that nobody granted", wild_pages},
    Attack{"declare pages twice", twice},
    Attack{"take pages back that are in use", taken_back_in_use},
    Attack{"control producer beyond the ring", far_ahead},
};

}  // namespace

constinit std::span<Attack const> const control_attacks{attacks};

void keep_declaring(RawVif& vif) {
    for (;;) {
        static_cast<void>(vif.request(remove, 0, vif.list_page().raw(), RawVif::buffer_count));
        static_cast<void>(vif.declare());
    }
}

}  // namespace rogue
