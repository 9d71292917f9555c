// SPDX-License-Identifier: MIT
// NB-01 NB-03 NB-04 NB-05 NB-11: any slots on a transmit ring: packets within their bounds, an answer a slot
#include "dom0/net/netback/tx_queue.hpp"

#include "tests/fuzz/support/input.hpp"
#include "tests/host/net/transmit_side.hpp"

using namespace netback;

namespace {

constexpr u32 longest = 65535 + 64;

struct Guest : guest::TransmitSide {
    // A few pages with headers that the input chose.
    explicit Guest(fuzz::Input& input) {
        auto const head = input.bytes(64);
        for (u32 ref = 1; ref <= 4; ++ref)
            std::ranges::copy(std::as_bytes(head), guest::pages[ref].begin());
    }
    void fill(fuzz::Input& input) {
        for (u32 slots = input.below(64); slots != 0; --slots) {
            auto slot = input.take<netif_tx_request_t>();
            slot.gref = slot.gref % 6;
            page.request(slot);
        }
    }
    // False: it is cut off.
    bool answers() {
        u32 const answered = page.indexes().rsp_prod;
        auto const polled = poll();
        if (!polled)
            return false;
        fuzz::require(page.indexes().rsp_prod - answered == polled->slots, "each slot is answered");
        fuzz::require(page.indexes().req_prod - page.indexes().rsp_prod <= TxQueue::Ring::size,
                      "answers do not overtake requests");
        for (u32 i = 0; i < polled->packets; ++i)
            fuzz::require(into[i] && into[i]->length != 0 && into[i]->length <= longest, "a packet is one");
        return true;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, size};
    Guest guest{input};
    while (!input.empty()) {
        if (input.below(32) == 0)
            guest.page.indexes().req_prod = input.take<u32>();
        guest.fill(input);
        if (!guest.answers())
            return 0;
    }
    return 0;
}
