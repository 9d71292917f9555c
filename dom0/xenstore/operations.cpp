// SPDX-License-Identifier: MIT
#include "dom0/xenstore/operations.hpp"

#include <algorithm>

#include "dom0/xenstore/path.hpp"

namespace xenstore {
namespace {

// The nearest node that exists, upwards from `path`; the root always does.
std::string_view nearest(View& view, std::string_view path) {
    while (view.find(path) == nullptr)
        path = parent_of(path);
    return path;
}

// A node that is missing is only reported as missing to those who could have
// seen it.
Result<Node const*> reach(View& view, Caller const& caller, std::string_view path, Access need) {
    auto const* const node = view.find(path);
    if (!view.within_limits(caller))
        return Fail{Errno::nospc};
    if (node != nullptr) {
        if (!node->permissions.allow(caller, need))
            return Fail{Errno::access};
        return node;
    }
    auto const* const above = view.find(nearest(view, path));
    return Fail{above->permissions.allow(caller, need) ? Errno::noent : Errno::access};
}

Result<> afford(View const& view, Caller const& caller, DomId owner, usize nodes, usize bytes) {
    if (caller.privileged)
        return {};
    Usage const usage = view.usage(owner);
    if (usage.nodes + nodes > quota::nodes || usage.bytes + bytes > quota::memory_bytes)
        return Fail{Errno::nospc};
    return {};
}

// Paths to be created for `path` to exist, the lowest first.
std::vector<std::string_view> missing_from(View& view, std::string_view path) {
    std::vector<std::string_view> missing;
    for (; view.find(path) == nullptr; path = parent_of(path))
        missing.push_back(path);
    return missing;
}

Result<> create(View& view, Caller const& caller, std::string_view path, std::string_view value) {
    auto const missing = missing_from(view, path);
    auto parent = *view.find(parent_of(missing.back()));
    if (!parent.permissions.allow(caller, Access::write))
        return Fail{Errno::access};
    Node const empty{.permissions = parent.permissions.inherited_by(caller)};
    usize bytes = value.size();
    for (auto const each : missing)
        bytes += empty.bytes(each);
    TRY_VOID(afford(view, caller, empty.permissions.owner(), missing.size(), bytes));

    parent.children.emplace(name_of(missing.back()));
    view.put(parent_of(missing.back()), std::move(parent));
    for (auto each = missing.rbegin(); each != missing.rend(); ++each) {
        Node node = empty;
        if (auto const below = std::next(each); below != missing.rend())
            node.children.emplace(name_of(*below));
        else
            node.value = value;
        view.put(*each, std::move(node));
    }
    view.record({.path = std::string{path}, .after = empty.permissions});
    return {};
}

// In a transaction that is bound to fail, nodes may be of different times: a
// child that is listed may be gone, one that is there may not be listed, or its
// parent may be missing. What removes nodes copes with all three.

// `path` and all below it, by walking instead of recursing.
std::vector<std::string> subtree(View& view, std::string_view path) {
    std::vector<std::string> found{std::string{path}};
    for (usize i = 0; i < found.size(); ++i) {
        std::string const parent = found[i];
        for (auto const& name : view.find(parent)->children) {
            if (auto child = child_of(parent, name); view.find(child) != nullptr)
                found.push_back(std::move(child));
        }
    }
    return found;
}

void unlink(View& view, std::string_view path) {
    auto const* const parent = view.find(parent_of(path));
    if (parent == nullptr)
        return;
    Node without = *parent;
    if (auto const name = without.children.find(name_of(path)); name != without.children.end())
        without.children.erase(name);
    view.put(parent_of(path), std::move(without));
}

}  // namespace

Result<std::string> read(View& view, Caller const& caller, std::string_view path) {
    return TRY(reach(view, caller, path, Access::read))->value;
}

Result<> write(View& view, Caller const& caller, std::string_view path, std::string_view value) {
    if (!caller.privileged && value.size() > quota::node_bytes)
        return Fail{Errno::nospc};
    auto const existing = reach(view, caller, path, Access::write);
    if (!existing)
        return existing.error() == Errno::noent ? create(view, caller, path, value) : Fail{existing.error()};
    Node node = **existing;
    usize const more = value.size() - std::min(value.size(), node.value.size());
    TRY_VOID(afford(view, caller, node.permissions.owner(), 0, more));
    view.record({.path = std::string{path}, .before = node.permissions, .after = node.permissions});
    node.value = value;
    view.put(path, std::move(node));
    return {};
}

Result<> make(View& view, Caller const& caller, std::string_view path) {
    auto const existing = reach(view, caller, path, Access::write);
    if (existing)
        return {};
    return existing.error() == Errno::noent ? create(view, caller, path, {}) : Fail{existing.error()};
}

Result<> remove(View& view, Caller const& caller, std::string_view path) {
    if (path == "/")
        return Fail{Errno::inval};
    auto const existing = reach(view, caller, path, Access::write);
    if (!existing) {
        bool const parent_exists = view.find(parent_of(path)) != nullptr;
        return existing.error() == Errno::noent && parent_exists ? Result<>{} : Fail{existing.error()};
    }
    for (auto const& each : subtree(view, path)) {
        view.record({.path = each, .before = view.find(each)->permissions, .with_ancestor = each != path});
        view.erase(each);
    }
    unlink(view, path);
    return {};
}

Result<Permissions> permissions(View& view, Caller const& caller, std::string_view path) {
    return TRY(reach(view, caller, path, Access::read))->permissions;
}

Result<> set_permissions(View& view, Caller const& caller, std::string_view path, Permissions permissions) {
    Node node = *TRY(reach(view, caller, path, Access::write));
    if (!node.permissions.owned_by(caller))
        return Fail{Errno::access};
    if (!caller.privileged && permissions.owner() != node.permissions.owner())
        return Fail{Errno::perm};
    if (!caller.privileged && permissions.count() > quota::permissions)
        return Fail{Errno::nospc};
    view.record({.path = std::string{path}, .before = node.permissions, .after = permissions});
    node.permissions = std::move(permissions);
    view.put(path, std::move(node));
    return {};
}

Result<Node const*> directory(View& view, Caller const& caller, std::string_view path) {
    return reach(view, caller, path, Access::read);
}

}  // namespace xenstore
