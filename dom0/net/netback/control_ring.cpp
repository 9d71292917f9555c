// SPDX-License-Identifier: MIT
#include "dom0/net/netback/control_ring.hpp"

#include <algorithm>

#include "kernel/abi/backend_pages.hpp"

namespace netback {

namespace {

xen_netif_ctrl_response reply(xen_netif_ctrl_request const& to, u32 status, u32 data = 0) {
    return {to.id, to.type, status, data};
}

bool is_writable(xen_netif_gref const& entry) {
    return (entry.flags & XEN_NETIF_CTRLF_GREF_readonly) == 0;
}

std::vector<GrantRef> references(std::span<xen_netif_gref const> list, bool writable) {
    std::vector<GrantRef> refs;
    for (auto const& entry : list)
        if (is_writable(entry) == writable)
            refs.push_back(GrantRef{entry.ref});
    return refs;
}

}  // namespace

auto ControlRing::serve() -> Result<Served> {
    u32 const waiting = TRY(ring_.pending());
    u32 const count = std::min(waiting, batch);
    for (u32 i = 0; i < count; ++i) {
        Request request;
        ring_.peek(0, request);
        ring_.consume(1);
        ring_.respond(answer(request));
    }
    bool const notify = count != 0 && ring_.publish();
    return Served{TRY(ring_.expect(1)), notify};
}

auto ControlRing::answer(Request const& request) -> Response {
    struct Kind {
        u16 type;
        Response (ControlRing::*serve)(Request const&);
    };
    static constexpr Kind kinds[] = {
        {XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE, &ControlRing::tell_size},
        {XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING, &ControlRing::add},
        {XEN_NETIF_CTRL_TYPE_DEL_GREF_MAPPING, &ControlRing::remove},
        {backend_pages::list, &ControlRing::list_pages},
        {backend_pages::use, &ControlRing::use_pages},
    };
    auto const* const kind = std::ranges::find(kinds, request.type, &Kind::type);
    if (kind == std::end(kinds))
        return reply(request, XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED);
    if (request.data[0] >= queues_.size())
        return reply(request, XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    return (this->*kind->serve)(request);
}

auto ControlRing::tell_size(Request const& request) -> Response {
    return reply(request, XEN_NETIF_CTRL_STATUS_SUCCESS, StaticGrants::most_pages);
}

// Empty when it is too long, or the guest's page cannot be read.
auto ControlRing::fetch_list(Request const& request) -> List {
    if (request.data[2] > most_entries)
        return {};
    auto const bytes = static_cast<u16>(request.data[2] * sizeof(xen_netif_gref));
    list_->length = 0;
    transfer_.begin();
    transfer_.from_guest({GrantRef{request.data[1]}}, *list_, bytes, 0);
    transfer_.run();
    if (!transfer_.complete(0))
        return {};
    return list_of(request.data[2]);
}

bool ControlRing::store_list(Request const& request) {
    auto const bytes = static_cast<u16>(request.data[2] * sizeof(xen_netif_gref));
    transfer_.begin();
    transfer_.to_guest(*list_, 0, {GrantRef{request.data[1]}}, bytes, 0);
    transfer_.run();
    return transfer_.complete(0);
}

// All or none, though it takes two steps.
auto ControlRing::add(Request const& request) -> Response {
    StaticGrants& grants = *queues_[request.data[0]];
    List const list = fetch_list(request);
    auto const writable = references(list, true);
    auto const read_only = references(list, false);
    bool done = !list.empty() && grants.add(writable, true);
    if (done && !grants.add(read_only, false)) {
        for (GrantRef const ref : writable)
            grants.remove(ref);
        done = false;
    }
    return reply(request, done ? XEN_NETIF_CTRL_STATUS_SUCCESS : XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
}

auto ControlRing::remove(Request const& request) -> Response {
    StaticGrants& grants = *queues_[request.data[0]];
    List const list = fetch_list(request);
    u32 removed = 0;
    for (auto& entry : list) {
        bool const done = grants.remove(GrantRef{entry.ref});
        entry.status = done ? XEN_NETIF_CTRL_STATUS_SUCCESS : XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
        removed += done ? 1 : 0;
    }
    if (list.empty())
        return reply(request, XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    // A guest that does not let its list be written learns how many it were.
    static_cast<void>(store_list(request));
    return reply(request, XEN_NETIF_CTRL_STATUS_SUCCESS, removed);
}

// All of them, as each has its place.
auto ControlRing::list_pages(Request const& request) -> Response {
    auto const pages = find_pages_ && request.data[0] == 0 ? find_pages_() : nullptr;
    if (!pages)
        return reply(request, XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED);
    if (request.data[2] != BackendPages::count)
        return reply(request, XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    List const list = list_of(BackendPages::count);
    for (u32 place = 0; place < BackendPages::count; ++place)
        list[place] = {pages->of_place(place).ref.raw(), XEN_NETIF_CTRLF_GREF_readonly, 0};
    if (!store_list(request))
        return reply(request, XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    listed_pages_ = pages;
    return reply(request, XEN_NETIF_CTRL_STATUS_SUCCESS, BackendPages::count);
}

auto ControlRing::use_pages(Request const& request) -> Response {
    if (!listed_pages_)
        return reply(request, XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    used_pages_ = listed_pages_;
    return reply(request, XEN_NETIF_CTRL_STATUS_SUCCESS);
}

}  // namespace netback
