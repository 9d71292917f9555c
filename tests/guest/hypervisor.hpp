// SPDX-License-Identifier: MIT
// Which of the two runs the test, where they may differ.
#pragma once

#include <string_view>

#include "guest-pv/rt/hypercall.hpp"

inline bool is_granite() {
    xen_extraversion_t extra{};
    return rt::hypercall::xen_version(XENVER_extraversion, extra) &&
           std::string_view{extra}.contains("granite");
}
