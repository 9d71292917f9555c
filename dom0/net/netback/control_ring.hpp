// SPDX-License-Identifier: MIT
// A guest's control ring ("Control ring" in xen/io/netif.h). What it is served
// for is declaring pages to be used again and again; hashes are not offered.
#pragma once

#include <span>
#include <vector>

#include "dom0/net/netback/abi.hpp"
#include "dom0/net/netback/back_ring.hpp"
#include "dom0/net/netback/static_grants.hpp"
#include "dom0/net/netback/transfer.hpp"

namespace netback {

class ControlRing {
  public:
    // Requests answered at one go: each may map as many pages as a list holds.
    static constexpr u32 batch = 2;

    // `queues` are what each queue has declared; they outlive the ring, as does
    // `transfer`. `list` is for private copies of lists.
    ControlRing(std::byte* ring_page, Transfer& transfer, nic::PacketRef list,
                std::vector<StaticGrants*> queues)
        : ring_{ring_page}, transfer_{transfer}, list_{std::move(list)}, queues_{std::move(queues)} {}

    struct Served {
        bool more = false;    // there are requests left
        bool notify = false;  // the guest waits for a response
    };
    // Errno::range: the ring makes no sense and the guest is to be cut off.
    Result<Served> serve();

  private:
    using Request = xen_netif_ctrl_request;
    using Response = xen_netif_ctrl_response;
    using List = std::span<xen_netif_gref>;
    static constexpr u32 most_entries = page_size / sizeof(xen_netif_gref);

    Response answer(Request const& request);
    [[nodiscard]] List fetch_list(Request const& request);
    Response add(StaticGrants& grants, Request const& request);
    Response remove(StaticGrants& grants, Request const& request);

    BackRing<Request, Response> ring_;
    Transfer& transfer_;
    nic::PacketRef list_;
    std::vector<StaticGrants*> queues_;
};

}  // namespace netback
