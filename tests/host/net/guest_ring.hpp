// SPDX-License-Identifier: MIT
// The frontend's end of a ring page, and a copier that stands in for the
// hypervisor: guest pages by grant reference, any operation made to fail.
#pragma once

#include <array>
#include <cstring>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "dom0/net/netback/abi.hpp"
#include "dom0/net/netback/back_ring.hpp"
#include "dom0/net/netback/static_grants.hpp"
#include "kernel/base/result.hpp"
#include "tests/host/net/devices.hpp"

namespace guest {

template <class Request, class Response, u32 Slots>
struct RingPage {
    static constexpr usize slot_bytes = sizeof(Request) > sizeof(Response) ? sizeof(Request)
                                                                           : sizeof(Response);
    alignas(page_size) std::array<std::byte, page_size> bytes{};

    RingPage() { indexes().req_event = indexes().rsp_event = 1; }
    netback::SharedIndexes& indexes() { return *reinterpret_cast<netback::SharedIndexes*>(bytes.data()); }
    std::byte* slot(u32 index) { return bytes.data() + 64 + index % Slots * slot_bytes; }

    void request(Request const& r) { std::memcpy(slot(indexes().req_prod++), &r, sizeof r); }
    std::vector<Response> responses() {
        std::vector<Response> all;
        for (; seen != indexes().rsp_prod; ++seen) {
            Response r;
            std::memcpy(&r, slot(seen), sizeof r);
            all.push_back(r);
        }
        return all;
    }
    u32 seen = 0;
};

using TxRing = RingPage<netif_tx_request_t, netif_tx_response_t, 256>;
using RxRing = RingPage<netif_rx_request_t, netif_rx_response_t, 256>;

using Page = std::array<std::byte, page_size>;
inline std::map<u32, Page> pages;  // granted
inline std::set<usize> failing;    // operations of the next batch
inline unsigned batches = 0;
inline u64 copied = 0;  // bytes

inline std::byte* bytes_of(auto const& end, bool granted, usize count) {
    if (!granted)
        return devices::dma_bytes(maddr_of(Mfn{end.u.gmfn}) + end.offset, count);
    auto const page = pages.find(end.u.ref);
    return page == pages.end() || end.offset + count > page_size ? nullptr : page->second.data() + end.offset;
}

inline Result<> copy(std::span<gnttab_copy_t> ops) {
    ++batches;
    for (usize i = 0; i < ops.size(); ++i) {
        auto& op = ops[i];
        auto* const from = bytes_of(op.source, (op.flags & GNTCOPY_source_gref) != 0, op.len);
        auto* const to = bytes_of(op.dest, (op.flags & GNTCOPY_dest_gref) != 0, op.len);
        bool const fails = failing.contains(i) || from == nullptr || to == nullptr;
        if (!fails)
            std::memcpy(to, from, op.len);
        copied += fails ? 0U : op.len;
        op.status = fails ? GNTST_bad_gntref : GNTST_okay;
    }
    return {};
}

// Mappings of those pages, as a backend makes them.
inline std::set<std::byte const*> mapped;

class Block final : public netback::GrantBlock {
  public:
    explicit Block(std::vector<std::byte*> all) : pages_{std::move(all)} {
        mapped.insert(pages_.begin(), pages_.end());
    }
    ~Block() override {
        for (auto* page : pages_)
            mapped.erase(page);
    }
    [[nodiscard]] std::byte* page(u32 index) const override { return pages_[index]; }
    [[nodiscard]] Maddr machine(u32) const override { return {}; }  // no card reaches these
    void drop(u32 index) override { mapped.erase(pages_[index]); }

  private:
    std::vector<std::byte*> pages_;
};

inline Result<std::shared_ptr<netback::GrantBlock>> map(DomId, std::span<GrantRef const> refs, bool) {
    std::vector<std::byte*> all;
    for (GrantRef const ref : refs) {
        auto const page = pages.find(ref.raw());
        if (page == pages.end())
            return Fail{Errno::inval};
        all.push_back(page->second.data());
    }
    return std::make_shared<Block>(std::move(all));
}

}  // namespace guest
