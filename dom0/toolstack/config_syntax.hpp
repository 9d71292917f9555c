// SPDX-License-Identifier: MIT
// The syntax of xl.cfg: KEY=VALUE or KEY+=VALUE, ended by a newline or ';'.
// Values are strings, numbers and lists of values. It looks like Python and is
// not: there are no expressions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dom0/toolstack/outcome.hpp"

namespace toolstack {

struct Value {
    enum class Kind { string, number, list } kind = Kind::string;
    std::string text{};  // of a string, or of a number as it was written
    std::vector<Value> items{};
};

struct Setting {
    std::string key{};
    Value value{};
    unsigned line = 0;
    bool append = false;
};

// Failures begin with "FILE:LINE: ".
Outcome<std::vector<Setting>> parse_config(std::string_view file, std::string_view text);

}  // namespace toolstack
