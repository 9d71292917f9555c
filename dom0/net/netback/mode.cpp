// SPDX-License-Identifier: MIT
#include "dom0/net/netback/mode.hpp"

#include <algorithm>
#include <array>

namespace netback {

namespace {

constexpr std::array<std::string_view, 5> names{"auto", "copy", "guest-copy", "mapped", "queue"};

}  // namespace

std::string_view name_of(Mode mode) {
    return names[static_cast<usize>(mode)];
}

std::optional<Mode> parse_mode(std::string_view name) {
    auto const found = std::ranges::find(names, name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<Mode>(found - names.begin());
}

std::string mode_names() {
    std::string all;
    for (auto const name : names)
        all.append(all.empty() ? "" : ", ").append(name);
    return all;
}

}  // namespace netback
