// SPDX-License-Identifier: MIT
// Pages of the backend's, where it has some: asked for in wrong ways, written to,
// never given back, and kept. Where it has none, it has to say so.
#include "guest-pv/apps/rogue/attack.hpp"
#include "kernel/abi/backend_pages.hpp"

namespace rogue {

namespace {

bool is_refused(RawVif& vif, u16 type, u32 queue, u32 list, u32 entries) {
    auto const answer = vif.request(type, queue, list, entries);
    return answer && answer->status != XEN_NETIF_CTRL_STATUS_SUCCESS;
}

bool nonsense(RawVif& vif) {
    u32 const list = vif.list_page().raw();
    bool refused = is_refused(vif, backend_pages::use, 0, 0, 0);
    for (u32 const entries : {0U, RawVif::buffer_count - 1, RawVif::buffer_count + 1, 0xffff'ffffU})
        refused = refused && is_refused(vif, backend_pages::list, 0, list, entries);
    for (u32 const queue : {1U, 0xffff'ffffU})
        refused = refused && is_refused(vif, backend_pages::list, queue, list, RawVif::buffer_count);
    for (u32 const reference : wild_references)
        refused = refused && is_refused(vif, backend_pages::list, 0, reference, RawVif::buffer_count);
    return refused && is_refused(vif, backend_pages::use, 0, 0, 0) && vif.serves();
}

bool to_be_written(RawVif& vif) {
    auto const pages = vif.backend_pages();
    if (!pages)
        return vif.serves();
    bool const mapped =
        rt::GrantMapping::map(vif.device().backend, *pages, rt::Access::read_write).has_value();
    return !mapped && vif.serves();
}

// Used without being mapped: what comes there is lost to who said so. Nobody else
// is asked about that.
bool unseen(RawVif& vif) {
    if (!vif.backend_pages() || !vif.use_backend_pages())
        return vif.serves();
    for (u32 i = 0; i < RawVif::buffer_count; ++i) {
        vif.ask_peer();
        vif.collect();
        rt::sleep_for(20 * rt::microsecond);
    }
    return true;
}

// All are full and no place is posted again; then all are.
bool never_given_back(RawVif& vif) {
    if (!vif.map_backend_pages())
        return vif.serves();
    for (u32 i = 0; i < 2 * RawVif::buffer_count; ++i) {
        vif.ask_peer();
        rt::sleep_for(20 * rt::microsecond);
    }
    return vif.serves();
}

bool far_ahead(RawVif& vif) {
    if (!vif.map_backend_pages())
        return vif.serves();
    vif.run_ahead(RawVif::rx, RawVif::buffer_count + 1);
    vif.ask_peer();
    rt::sleep_for(5 * rt::millisecond);
    return vif.is_cut_off();
}

// The same ones are given to the next frontend, and serve it.
bool kept_mapped(RawVif& vif) {
    static rt::GrantMapping kept;
    auto const pages = vif.backend_pages();
    if (!pages)
        return vif.serves();
    auto mapping = rt::GrantMapping::map(vif.device().backend, *pages, rt::Access::read_only);
    if (!mapping)
        return false;
    kept = std::move(*mapping);
    return vif.serves();
}

constexpr std::array attacks{
    Attack{"ask for backend pages that make no sense", nonsense},
    Attack{"map backend pages to write to them", to_be_written},
    Attack{"use backend pages without mapping them", unseen},
    Attack{"never give backend pages back", never_given_back},
    Attack{"receive producer beyond the ring of backend pages", far_ahead},
    Attack{"keep backend pages mapped when the connection ends", kept_mapped},
};

}  // namespace

constinit std::span<Attack const> const page_attacks{attacks};

}  // namespace rogue
