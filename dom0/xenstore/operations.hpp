// SPDX-License-Identifier: MIT
// What can be done with nodes. Each operation checks everything first and then
// cannot fail half way, so a refused request has changed nothing.
#pragma once

#include <string>
#include <string_view>

#include "dom0/xenstore/view.hpp"

namespace xenstore {

// Paths are absolute and well formed here: absolute() made them.
Result<std::string> read(View& view, Caller const& caller, std::string_view path);
Result<> write(View& view, Caller const& caller, std::string_view path, std::string_view value);
Result<> make(View& view, Caller const& caller, std::string_view path);
// Idempotent: fine when the node is not there but its parent is.
Result<> remove(View& view, Caller const& caller, std::string_view path);
Result<Permissions> permissions(View& view, Caller const& caller, std::string_view path);
Result<> set_permissions(View& view, Caller const& caller, std::string_view path, Permissions permissions);
// The node itself, to list its children.
Result<Node const*> directory(View& view, Caller const& caller, std::string_view path);

}  // namespace xenstore
