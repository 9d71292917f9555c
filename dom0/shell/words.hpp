// SPDX-License-Identifier: MIT
// A typed line as words: blanks separate, single and double quotes keep
// together.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shell {

// Nothing when a quote is not closed.
std::optional<std::vector<std::string>> words_of(std::string_view line);

}  // namespace shell
