// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "arch/mm/isolation.hpp"

bool arch::isolation_wanted(std::string_view line, bool needed) {
    constexpr std::string_view name = "xpti=";
    constexpr std::array<std::string_view, 5> yes{"yes", "on", "true", "enable", "1"};
    constexpr std::array<std::string_view, 5> no{"no", "off", "false", "disable", "0"};
    bool wanted = needed;
    while (!line.empty()) {
        std::string_view word = line.substr(0, line.find(' '));
        line.remove_prefix(std::min(word.size() + 1, line.size()));
        if (!word.starts_with(name))
            continue;
        word.remove_prefix(name.size());
        if (std::ranges::find(yes, word) != yes.end())
            wanted = true;
        else if (std::ranges::find(no, word) != no.end())
            wanted = false;
    }
    return wanted;
}
