// SPDX-License-Identifier: MIT
#include "dom0/xenstore/path.hpp"

#include <algorithm>

#include "kernel/abi/xenstore.hpp"

namespace xenstore {
namespace {

bool is_path_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '/' || c == '_' || c == '@' || c == ':' || c == '.' || c == '+' || c == ',' || c == '~';
}

bool well_formed(std::string_view path) {
    return !path.empty() && !path.ends_with('/') && path.find("//") == std::string_view::npos &&
           std::ranges::all_of(path, is_path_character);
}

}  // namespace

std::string home_of(DomId domain) {
    return "/local/domain/" + std::to_string(domain.raw());
}

Result<std::string> absolute(std::string_view given, Caller const& caller) {
    if (given == "/")
        return std::string{given};
    bool const is_absolute = given.starts_with('/');
    usize const limit = is_absolute ? XENSTORE_ABS_PATH_MAX : XENSTORE_REL_PATH_MAX;
    if (given.size() > limit || !well_formed(given) || given.starts_with('@'))
        return Fail{Errno::inval};
    return is_absolute ? std::string{given} : child_of(home_of(caller.domain), given);
}

std::string_view parent_of(std::string_view path) {
    auto const slash = path.rfind('/');
    return slash == 0 || slash == std::string_view::npos ? std::string_view{"/"} : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

std::string child_of(std::string_view path, std::string_view name) {
    std::string child{path == "/" ? std::string_view{} : path};
    child += '/';
    child += name;
    return child;
}

bool is_below_or_at(std::string_view path, std::string_view ancestor) {
    if (ancestor == "/")
        return path.starts_with('/');
    return path.starts_with(ancestor) && (path.size() == ancestor.size() || path[ancestor.size()] == '/');
}

}  // namespace xenstore
