// SPDX-License-Identifier: MIT
// A guest's control ring ("Control ring" in xen/io/netif.h). What it is served
// for is declaring pages to be used again and again, and asking for such pages of
// ours (kernel/abi/backend_pages.hpp); hashes are not offered.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "dom0/net/netback/abi.hpp"
#include "dom0/net/netback/back_ring.hpp"
#include "dom0/net/netback/backend_pages.hpp"
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

    // Who has pages for the guest's first pair of rings, or none just now.
    using FindPages = std::function<std::shared_ptr<BackendPages>()>;
    void offer_pages(FindPages find) { find_pages_ = std::move(find); }
    // That the guest has said it can read; none: it cannot.
    [[nodiscard]] std::shared_ptr<BackendPages> const& used_pages() const { return used_pages_; }

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
    // Of a queue that there is.
    Response tell_size(Request const& request);
    Response add(Request const& request);
    Response remove(Request const& request);
    Response list_pages(Request const& request);
    Response use_pages(Request const& request);
    [[nodiscard]] List fetch_list(Request const& request);
    // False: the guest does not let its page be written.
    [[nodiscard]] bool store_list(Request const& request);
    [[nodiscard]] List list_of(u32 entries) const {
        return {reinterpret_cast<xen_netif_gref*>(list_->data), entries};
    }

    BackRing<Request, Response> ring_;
    Transfer& transfer_;
    nic::PacketRef list_;
    std::vector<StaticGrants*> queues_;
    FindPages find_pages_;
    std::shared_ptr<BackendPages> listed_pages_;
    std::shared_ptr<BackendPages> used_pages_;
};

}  // namespace netback
