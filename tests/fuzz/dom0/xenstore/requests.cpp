// SPDX-License-Identifier: MIT
// XS-01 XS-02 XS-04 XS-08: three clients say anything, through rings they may spoil; the others are served
#include <memory>

#include "dom0/xenstore/message.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/unit/dom0/xenstore/store_client.hpp"

namespace {

constexpr u32 clients = 3, types = 24;

// As many bytes as there is room for; what does not fit is dropped.
void put(xenstore_domain_interface& ring, std::string_view bytes) {
    for (char const c : bytes)
        if (ring.req_prod - ring.req_cons < XENSTORE_RING_SIZE)
            ring.req[MASK_XENSTORE_IDX(ring.req_prod++)] = c;
}

// A whole message, with numbers and strings that often mean something.
void say(fuzz::Input& input, xenstore_domain_interface& ring) {
    u32 const type = input.below(types), transaction = input.below(4);
    std::string payload{input.text(input.below(48))};
    std::ranges::replace(payload, ' ', '\0');
    put(ring, xenstore::encode({type, 1, transaction, payload}));
}

void step(fuzz::Input& input, Client& client) {
    auto& ring = client.ring;
    switch (input.below(8)) {
        case 0:
            put(ring, input.text(input.below(64)));
            break;
        case 1:
            ring.req_prod = input.take<u32>();
            break;
        case 2:
            ring.rsp_cons = input.take<u32>();
            break;
        default:
            say(input, ring);
            ring.rsp_cons = ring.rsp_prod;  // reads what there was
    }
    client.serve();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, size};
    Store store;
    Client toolstack{store, 0};
    toolstack.make("/local/domain/1");
    toolstack.permit("/local/domain/1", "n1");
    toolstack.write("/secret", "told to nobody");
    toolstack.permit("/secret", "n0");
    std::array<std::unique_ptr<Client>, clients> guests;
    for (u32 i = 0; i < clients; ++i)
        guests[i] = std::make_unique<Client>(store, static_cast<u16>(1 + i));
    while (!input.empty())
        step(input, *guests[input.below(clients)]);
    fuzz::require(toolstack.read("/secret") == "told to nobody", "what is others' stays as it is");
    toolstack.write("/after", "all");
    fuzz::require(toolstack.read("/after") == "all", "who behaves is served");
    return 0;
}
