// SPDX-License-Identifier: MIT
#include "dom0/xenstore/error_name.hpp"

#include <algorithm>
#include <array>

namespace xenstore {
namespace {

struct Name {
    Errno error;
    std::string_view text;
};

// Those that clients know (xs_wire.h); any other is EINVAL to them.
constexpr std::array names{
    Name{Errno::inval, "EINVAL"}, Name{Errno::access, "EACCES"},  Name{Errno::exist, "EEXIST"},
    Name{Errno::isdir, "EISDIR"}, Name{Errno::noent, "ENOENT"},   Name{Errno::nomem, "ENOMEM"},
    Name{Errno::nospc, "ENOSPC"}, Name{Errno::io, "EIO"},         Name{Errno::notempty, "ENOTEMPTY"},
    Name{Errno::nosys, "ENOSYS"}, Name{Errno::rofs, "EROFS"},     Name{Errno::busy, "EBUSY"},
    Name{Errno::again, "EAGAIN"}, Name{Errno::isconn, "EISCONN"}, Name{Errno::toobig, "E2BIG"},
    Name{Errno::perm, "EPERM"},
};

}  // namespace

std::string_view name_of(Errno error) {
    auto const known = std::ranges::find(names, error, &Name::error);
    return known == names.end() ? "EINVAL" : known->text;
}

}  // namespace xenstore
