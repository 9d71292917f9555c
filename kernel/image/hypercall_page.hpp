// SPDX-License-Identifier: MIT
// The page of hypercall stubs that older kernels call through.
#pragma once

#include <cstddef>
#include <span>

#include "kernel/base/types.hpp"

namespace image {

void fill_hypercall_page(std::span<std::byte, page_size> page);

}  // namespace image
