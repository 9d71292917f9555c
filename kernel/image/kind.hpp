// SPDX-License-Identifier: MIT
// Recognises what a file is by its first bytes, to name it when it is not the
// ELF image that was expected.
#pragma once

#include <string_view>

#include "kernel/image/bytes.hpp"

namespace image {

// A noun phrase: "a Linux bzImage", "a gzip file"...
std::string_view kind_of(Bytes file);

}  // namespace image
