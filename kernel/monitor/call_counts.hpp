// SPDX-License-Identifier: MIT
// Where the monitor learns how often each hypercall was made. It lies below
// the hypercalls and knows none of them, so start-up tells it.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

namespace monitor {

struct CallCounts {
    u64 numbers = 0;  // calls are numbered below this
    std::string_view (*name)(u64 nr) = nullptr;
    u64 (*calls)(u64 nr) = nullptr;
};
void set_call_counts(CallCounts source);
std::string_view call_name(u64 nr);

}  // namespace monitor
