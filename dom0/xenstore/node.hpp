// SPDX-License-Identifier: MIT
// One node of the store.
#pragma once

#include <set>
#include <string>

#include "dom0/xenstore/permissions.hpp"

namespace xenstore {

struct Node {
    std::string value{};
    Permissions permissions;
    std::set<std::string, std::less<>> children{};
    // When it last changed, in changes of the whole tree. Zero is no time at
    // all: the generation of a node that does not exist.
    u64 generation = 0;

    // What its owner pays for it, beside being one node.
    [[nodiscard]] usize bytes(std::string_view path) const { return path.size() + value.size(); }
};

}  // namespace xenstore
