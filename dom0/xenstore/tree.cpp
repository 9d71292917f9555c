// SPDX-License-Identifier: MIT
#include "dom0/xenstore/tree.hpp"

#include <algorithm>

#include "dom0/xenstore/operations.hpp"
#include "dom0/xenstore/path.hpp"

namespace xenstore {

Tree::Tree() {
    put("/", Node{.permissions = Permissions{{DomId{0}, Access::read}}});
}

Node const* Tree::find(std::string_view path) {
    auto const it = nodes_.find(path);
    return it == nodes_.end() ? nullptr : &it->second;
}

u64 Tree::generation_of(std::string_view path) const {
    auto const it = nodes_.find(path);
    return it == nodes_.end() ? 0 : it->second.generation;
}

void Tree::put(std::string_view path, Node node) {
    node.generation = ++generation_;
    count(node, path);
    auto const it = nodes_.find(path);
    if (it == nodes_.end()) {
        nodes_.emplace(path, std::move(node));
        return;
    }
    discount(it->second, path);
    it->second = std::move(node);
}

void Tree::erase(std::string_view path) {
    auto const it = nodes_.find(path);
    if (it == nodes_.end())
        return;
    discount(it->second, path);
    nodes_.erase(it);
}

Usage Tree::usage(DomId owner) const {
    auto const it = usage_.find(owner);
    return it == usage_.end() ? Usage{} : it->second;
}

void Tree::forget(DomId domain) {
    std::vector<std::string> owned;
    for (auto& [path, node] : nodes_) {
        if (node.permissions.owner() == domain)
            owned.push_back(path);
        else if (node.permissions.forget(domain))
            node.generation = ++generation_;
    }
    Caller const toolstack{DomId{0}, true};
    for (auto const& path : owned) {
        // Gone already when it lay below another one of them.
        if (find(path) != nullptr)
            (void)remove(*this, toolstack, path);
    }
}

bool Tree::audit() const {
    std::map<DomId, Usage> recount;
    for (auto const& [path, node] : nodes_) {
        auto& usage = recount[node.permissions.owner()];
        ++usage.nodes;
        usage.bytes += node.bytes(path);
        auto const linked = path == "/" ? nodes_.end() : nodes_.find(parent_of(path));
        if (path != "/" && (linked == nodes_.end() || !linked->second.children.contains(name_of(path))))
            return false;
        if (!std::ranges::all_of(node.children,
                                 [&](auto const& name) { return nodes_.contains(child_of(path, name)); }))
            return false;
    }
    return recount == usage_;
}

void Tree::count(Node const& node, std::string_view path) {
    auto& usage = usage_[node.permissions.owner()];
    ++usage.nodes;
    usage.bytes += node.bytes(path);
}

void Tree::discount(Node const& node, std::string_view path) {
    auto const it = usage_.find(node.permissions.owner());
    --it->second.nodes;
    it->second.bytes -= node.bytes(path);
    if (it->second.nodes == 0)
        usage_.erase(it);
}

}  // namespace xenstore
