// SPDX-License-Identifier: MIT
// Text for programs that read JSON.
#pragma once

#include <string>
#include <string_view>

namespace toolstack {

// A string with its quotes. Each byte is one character: what is no ASCII comes
// out as \u00NN, so that any bytes make a valid document.
std::string json_string(std::string_view bytes);

}  // namespace toolstack
