// SPDX-License-Identifier: MIT
#include "guest-pv/rt/xenbus/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rt::xenbus {

namespace {

constexpr std::array<std::pair<std::string_view, Errno>, 16> names{{
    {"EINVAL", Errno::inval},
    {"EACCES", Errno::access},
    {"EEXIST", Errno::exist},
    {"EISDIR", Errno::isdir},
    {"ENOENT", Errno::noent},
    {"ENOMEM", Errno::nomem},
    {"ENOSPC", Errno::nospc},
    {"EIO", Errno::io},
    {"ENOTEMPTY", Errno::notempty},
    {"ENOSYS", Errno::nosys},
    {"EROFS", Errno::rofs},
    {"EBUSY", Errno::busy},
    {"EAGAIN", Errno::again},
    {"EISCONN", Errno::isconn},
    {"E2BIG", Errno::toobig},
    {"EPERM", Errno::perm},
}};

}  // namespace

Errno errno_of(std::string_view payload) {
    auto const name = payload.substr(0, payload.find('\0'));
    auto const found = std::ranges::find(names, name, &std::pair<std::string_view, Errno>::first);
    return found == names.end() ? Errno::inval : found->second;
}

std::string_view name_of(Errno error) {
    auto const found = std::ranges::find(names, error, &std::pair<std::string_view, Errno>::second);
    return found == names.end() ? names.front().first : found->first;
}

}  // namespace rt::xenbus
