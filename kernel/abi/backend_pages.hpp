// SPDX-License-Identifier: MIT
// An extension of the network protocol (xen/io/netif.h), for frontends that copy
// what they receive out of pages of the backend's. README.md tells the whole of
// it; who does not know the key never meets the rest.
#pragma once

#include <cstdint>

namespace backend_pages {

// Among the backend's nodes: how many pages a frontend may ask for now.
inline constexpr char key[] = "feature-rx-backend-pages";

// Types of requests of the control ring, above those of Xen.
inline constexpr std::uint16_t list = 0x8000, use = 0x8001;

// Of a receive response, beside NETRXF_*: the bytes are in the backend's page that
// belongs to the place of the response in the ring, not in the one posted there.
inline constexpr std::uint16_t is_here = 1U << 15;

}  // namespace backend_pages
