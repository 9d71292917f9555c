// SPDX-License-Identifier: MIT
// Put between lwIP and the interface.
#include "guest-pv/apps/flows/frames.hpp"

#include <cstring>

#include <lwip/netif.h>
#include <lwip/prot/ethernet.h>

namespace flows {
namespace {

constexpr u8 group_bit = 1;

Frames counted;
netif_input_fn pass_up;
netif_linkoutput_fn pass_down;

u8 const* destination(pbuf const& frame) {
    return static_cast<eth_hdr const*>(frame.payload)->dest.addr;
}

err_t from_below(pbuf* frame, netif* interface) {
    bool const own = std::memcmp(destination(*frame), interface->hwaddr, ETH_HWADDR_LEN) == 0;
    counted.received += own ? 1 : 0;
    return pass_up(frame, interface);
}

err_t from_above(netif* interface, pbuf* frame) {
    bool const to_one = (*destination(*frame) & group_bit) == 0;
    err_t const sent = pass_down(interface, frame);
    counted.sent += to_one && sent == ERR_OK ? 1 : 0;
    return sent;
}

}  // namespace

void count_frames() {
    netif* const interface = netif_default;
    pass_up = interface->input;
    pass_down = interface->linkoutput;
    interface->input = from_below;
    interface->linkoutput = from_above;
}

Frames frames() {
    return counted;
}

}  // namespace flows
