// SPDX-License-Identifier: MIT
// The one place that decides whether a path is one.
#pragma once

#include <string>
#include <string_view>

#include "dom0/xenstore/caller.hpp"
#include "kernel/base/result.hpp"

namespace xenstore {

// Makes `given` absolute: relative paths lie below the caller's home. Errno::inval
// for anything that is not a path; "/" is one.
Result<std::string> absolute(std::string_view given, Caller const& caller);

// "/local/domain/5"
std::string home_of(DomId domain);

// "" for children of the root and for the root itself becomes "/".
std::string_view parent_of(std::string_view path);
std::string_view name_of(std::string_view path);
std::string child_of(std::string_view path, std::string_view name);
bool is_below_or_at(std::string_view path, std::string_view ancestor);

}  // namespace xenstore
