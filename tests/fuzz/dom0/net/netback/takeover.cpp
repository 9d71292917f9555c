// SPDX-License-Identifier: MIT
// NB-01 NB-08: any bytes as rings that another backend has left: refused as a whole, or answered to the end
#include "dom0/net/netback/takeover.hpp"

#include "tests/fuzz/support/input.hpp"
#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

template <class Request, class Response, class Page>
void take_over(std::span<u8 const> bytes) {
    Page page;
    std::ranges::copy(std::as_bytes(bytes), page.bytes.begin());
    BackRing<Request, Response> ring{page.bytes.data()};
    if (!refuse_left(ring))
        return;
    fuzz::require(*ring.pending() == 0, "nothing is left to answer");
    fuzz::require(page.indexes().rsp_prod == page.indexes().req_prod, "each slot is answered");
}

}  // namespace

// The slots beyond the input are zero: a ring of many requests in few bytes.
extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    std::span const bytes{data, std::min<usize>(size, page_size)};
    take_over<netif_tx_request_t, netif_tx_response_t, guest::TxRing>(bytes);
    take_over<netif_rx_request_t, netif_rx_response_t, guest::RxRing>(bytes);
    return 0;
}
