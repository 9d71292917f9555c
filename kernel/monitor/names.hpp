// SPDX-License-Identifier: MIT
// Words for what the tables of several commands name.
#pragma once

#include <array>
#include <string_view>

#include "kernel/base/format.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/mm/page.hpp"

namespace monitor {

inline constexpr std::array<std::string_view, 8> type_names{"none", "l1",      "l2",       "l3",
                                                            "l4",   "segdesc", "writable", "shared"};
constexpr std::string_view type_name(PageType t) {
    return type_names[static_cast<usize>(t)];
}

using OwnerName = std::array<char, 12>;
inline std::string_view owner_name(PageInfo const& p, OwnerName& buffer) {
    if (PageOwner const* const owner = p.owner.load())
        return text::format_to(buffer, "d{}", owner->id);
    return p.ref_count() == 0 ? "free" : "granite";
}

using VcpuName = std::array<char, 16>;
inline std::string_view name_of(Vcpu const& v, VcpuName& buffer) {
    return text::format_to(buffer, "d{}v{}", v.domain.id, v.id);
}

// Of templates, names of functions can be longer than a line has room for. No
// blank is left at the end, which a table would lose.
constexpr std::string_view function_name(std::string_view whole, usize room) {
    std::string_view const begin = whole.substr(0, room);
    return begin.substr(0, begin.find_last_not_of(' ') + 1);  // npos + 1 is 0
}

}  // namespace monitor
