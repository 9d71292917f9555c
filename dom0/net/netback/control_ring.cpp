// SPDX-License-Identifier: MIT
#include "dom0/net/netback/control_ring.hpp"

#include <algorithm>

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
    bool const lists = request.type == XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING ||
                       request.type == XEN_NETIF_CTRL_TYPE_DEL_GREF_MAPPING;
    if (!lists && request.type != XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE)
        return reply(request, XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED);
    u32 const queue = request.data[0];
    if (queue >= queues_.size())
        return reply(request, XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    if (!lists)
        return reply(request, XEN_NETIF_CTRL_STATUS_SUCCESS, StaticGrants::most_pages);
    if (request.data[2] > most_entries)
        return reply(request, XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
    bool const adds = request.type == XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING;
    return adds ? add(*queues_[queue], request) : remove(*queues_[queue], request);
}

// Empty when the guest's page cannot be read.
auto ControlRing::fetch_list(Request const& request) -> List {
    auto const bytes = static_cast<u16>(request.data[2] * sizeof(xen_netif_gref));
    list_->length = 0;
    transfer_.begin();
    transfer_.from_guest({GrantRef{request.data[1]}}, *list_, bytes, 0);
    transfer_.run();
    if (!transfer_.complete(0))
        return {};
    return {reinterpret_cast<xen_netif_gref*>(list_->data), request.data[2]};
}

// All or none, though it takes two steps.
auto ControlRing::add(StaticGrants& grants, Request const& request) -> Response {
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

auto ControlRing::remove(StaticGrants& grants, Request const& request) -> Response {
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
    transfer_.begin();
    transfer_.to_guest(*list_, 0, {GrantRef{request.data[1]}}, static_cast<u16>(list.size_bytes()), 0);
    transfer_.run();
    return reply(request, XEN_NETIF_CTRL_STATUS_SUCCESS, removed);
}

}  // namespace netback
