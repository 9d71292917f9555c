// SPDX-License-Identifier: MIT
// A page that the backend may reach for as long as the device is connected.
// It never holds anything but bytes of frames that go to, or come from, this
// backend, so there is nothing in it to hide or to overwrite.
#pragma once

#include <cstddef>

#include "kernel/base/types.hpp"

namespace net {

struct Buffer {
    std::byte* page = nullptr;
    GrantRef ref;
};

}  // namespace net
