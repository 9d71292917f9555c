// SPDX-License-Identifier: MIT
#include "dom0/xenstore/watch_list.hpp"

#include <algorithm>

#include "dom0/xenstore/message.hpp"
#include "dom0/xenstore/path.hpp"

namespace xenstore {
namespace {

constexpr usize longest_token = XENSTORE_PAYLOAD_MAX - XENSTORE_ABS_PATH_MAX - 2;

// Who could read the node before or can read it now may know that it changed.
bool may_know(Caller const& caller, Change const& change) {
    return (change.before && change.before->allow(caller, Access::read)) ||
           (change.after && change.after->allow(caller, Access::read));
}

std::string_view as_registered(Watched const& watched, Caller const& caller, std::string_view path) {
    return watched.relative ? path.substr(home_of(caller.domain).size() + 1) : path;
}

}  // namespace

bool is_special(std::string_view path) {
    return path == "@introduceDomain" || path == "@releaseDomain";
}

Result<> WatchList::add(Caller const& caller, Watched watched) {
    if (watched.token.size() > longest_token)
        return Fail{Errno::toobig};
    auto const same = [&](Watched const& w) { return w.path == watched.path && w.token == watched.token; };
    if (std::ranges::any_of(watches_, same))
        return Fail{Errno::exist};
    if (!caller.privileged && watches_.size() >= quota::watches)
        return Fail{Errno::nospc};
    watches_.push_back(std::move(watched));
    return {};
}

Result<> WatchList::remove(std::string_view path, std::string_view token) {
    auto const same = [&](Watched const& w) { return w.path == path && w.token == token; };
    return std::erase_if(watches_, same) != 0 ? Result<>{} : Fail{Errno::noent};
}

void WatchList::changed(Caller const& caller, Change const& change, Fire const& fire) const {
    if (!may_know(caller, change))
        return;
    for (auto const& watched : watches_) {
        bool const concerned =
            change.with_ancestor ? change.path == watched.path : is_below_or_at(change.path, watched.path);
        if (concerned)
            fire(as_registered(watched, caller, change.path), watched.token);
    }
}

void WatchList::special(std::string_view path, Fire const& fire) const {
    for (auto const& watched : watches_) {
        if (watched.path == path)
            fire(path, watched.token);
    }
}

}  // namespace xenstore
