// SPDX-License-Identifier: MIT
// How full the rings of one queue are just now, for people.
#pragma once

#include "kernel/base/types.hpp"

namespace netback {

struct Levels {
    u32 tx_requests = 0;   // of the guest, not consumed yet
    u32 tx_responses = 0;  // that the guest has not seen, for all it says
    u32 rx_requests = 0;   // pages posted by the guest, not consumed yet
    u32 rx_waiting = 0;    // frames for the guest that wait for a page
    u32 with_card = 0;     // pages that a card has to fill
    u32 mapped = 0;        // pages of the guest's that stay mapped here
};

}  // namespace netback
