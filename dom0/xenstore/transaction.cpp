// SPDX-License-Identifier: MIT
#include "dom0/xenstore/transaction.hpp"

#include <algorithm>

namespace xenstore {

Node const* Transaction::find(std::string_view path) {
    if (auto const it = own_.find(path); it != own_.end())
        return it->second ? &*it->second : nullptr;
    if (!seen_.contains(path))
        seen_.emplace(path, tree_.generation_of(path));
    return tree_.find(path);
}

void Transaction::put(std::string_view path, Node node) {
    replace(path, std::move(node));
}
void Transaction::erase(std::string_view path) {
    replace(path, std::nullopt);
}

void Transaction::replace(std::string_view path, std::optional<Node> by) {
    if (auto const* const old = find(path))
        account(*old, path, -1);
    if (by)
        account(*by, path, 1);
    own_.insert_or_assign(std::string{path}, std::move(by));
}

void Transaction::account(Node const& node, std::string_view path, s64 sign) {
    auto& difference = differences_[node.permissions.owner()];
    difference.nodes += sign;
    difference.bytes += sign * static_cast<s64>(node.bytes(path));
}

Usage Transaction::usage(DomId owner) const {
    Usage const base = tree_.usage(owner);
    auto const it = differences_.find(owner);
    if (it == differences_.end())
        return base;
    // Below zero when the owner lost nodes that this transaction removed too.
    auto const sum = [](usize kept, s64 change) {
        return static_cast<usize>(std::max<s64>(static_cast<s64>(kept) + change, 0));
    };
    return {sum(base.nodes, it->second.nodes), sum(base.bytes, it->second.bytes)};
}

bool Transaction::within_limits(Caller const& caller) const {
    return caller.privileged || seen_.size() + own_.size() <= quota::transaction_nodes;
}

Result<> Transaction::commit(Caller const& caller) {
    auto const unchanged = [&](auto const& entry) {
        return tree_.generation_of(entry.first) == entry.second;
    };
    if (!std::ranges::all_of(seen_, unchanged))
        return Fail{Errno::again};
    for (auto const& [owner, difference] : differences_) {
        auto const after = usage(owner);
        bool const grows = difference.nodes > 0 || difference.bytes > 0;
        if (!caller.privileged && grows && (after.nodes > quota::nodes || after.bytes > quota::memory_bytes))
            return Fail{Errno::nospc};
    }
    for (auto& [path, node] : own_) {
        if (node)
            tree_.put(path, std::move(*node));
        else
            tree_.erase(path);
    }
    for (auto& change : take_changes())
        tree_.record(std::move(change));
    return {};
}

}  // namespace xenstore
