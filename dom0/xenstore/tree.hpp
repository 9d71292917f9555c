// SPDX-License-Identifier: MIT
// The store's nodes, by path. A flat map instead of a tree of objects: nothing
// recurses, and a subtree is a range.
#pragma once

#include <map>
#include <string>

#include "dom0/xenstore/view.hpp"

namespace xenstore {

class Tree final : public View {
  public:
    Tree();

    Node const* find(std::string_view path) override;
    void put(std::string_view path, Node node) override;
    void erase(std::string_view path) override;
    [[nodiscard]] Usage usage(DomId owner) const override;
    [[nodiscard]] bool within_limits(Caller const&) const override { return true; }

    // Zero when there is no such node.
    [[nodiscard]] u64 generation_of(std::string_view path) const;

    // A domain is gone: so are the nodes it owned and the rights it had.
    void forget(DomId domain);

    // Recounts what every domain uses; for tests.
    [[nodiscard]] bool audit() const;
    [[nodiscard]] usize size() const { return nodes_.size(); }

  private:
    void count(Node const& node, std::string_view path);
    void discount(Node const& node, std::string_view path);

    std::map<std::string, Node, std::less<>> nodes_;
    std::map<DomId, Usage> usage_;
    u64 generation_ = 0;
};

}  // namespace xenstore
