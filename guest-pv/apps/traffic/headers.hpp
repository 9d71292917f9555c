// SPDX-License-Identifier: MIT
// The headers of a UDP frame, and those of the answer to it.
#pragma once
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include <lwip/inet_chksum.h>
#include <lwip/prot/ethernet.h>
#include <lwip/prot/ip.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/udp.h>

#include "kernel/base/types.hpp"

namespace traffic {

struct [[gnu::packed]] Headers {
    eth_hdr ethernet;
    ip_hdr ip;
    udp_hdr udp;

    [[nodiscard]] u16 port() const { return lwip_ntohs(udp.dest); }
    [[nodiscard]] bool to_everybody() const { return (ethernet.dest.addr[0] & 1) != 0; }
    [[nodiscard]] usize payload() const { return usize{lwip_ntohs(udp.len)} - sizeof udp; }

    void set_payload(usize length) {
        udp.len = lwip_htons(static_cast<u16>(sizeof udp + length));
        udp.chksum = 0;  // none, which IPv4 permits
        ip._len = lwip_htons(static_cast<u16>(sizeof ip + sizeof udp + length));
        ip._chksum = 0;
        auto copy = ip;
        ip._chksum = inet_chksum(&copy, sizeof copy);
    }

    // Back to where it came from. Sums of the same numbers in another order are the same.
    [[nodiscard]] Headers reversed() const {
        Headers back = *this;
        back.ethernet.dest = ethernet.src;
        back.ethernet.src = ethernet.dest;
        back.ip.src = ip.dest;
        back.ip.dest = ip.src;
        back.udp.src = udp.dest;
        back.udp.dest = udp.src;
        return back;
    }
};

// Those of a frame, if it has them.
inline std::optional<Headers> headers_of(std::span<std::byte const> frame) {
    Headers h;
    if (frame.size() < sizeof h)
        return std::nullopt;
    std::memcpy(&h, frame.data(), sizeof h);
    bool const udp =
        h.ethernet.type == PP_HTONS(ETHTYPE_IP) && h.ip._v_hl == 0x45 && h.ip._proto == IP_PROTO_UDP;
    if (!udp || lwip_ntohs(h.udp.len) < sizeof h.udp || h.payload() > frame.size() - sizeof h)
        return std::nullopt;
    return h;
}

}  // namespace traffic
