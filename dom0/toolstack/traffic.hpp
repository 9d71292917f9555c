// SPDX-License-Identifier: MIT
// What interfaces have carried, as one domain tells another: a line each.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/base/types.hpp"

namespace toolstack {

struct Traffic {
    DomId guest{};
    u32 handle = 0;
    u64 received_bytes = 0, received_packets = 0;  // by the guest
    u64 sent_bytes = 0, sent_packets = 0;
    u64 dropped = 0;

    bool operator==(Traffic const&) const = default;
};

// As many as there is room for, in whole lines.
std::string to_text(std::span<Traffic const> all, usize longest);

// The network is trusted with frames alone: what is no such line is left out.
std::vector<Traffic> parse_traffic(std::string_view text);

}  // namespace toolstack
