// SPDX-License-Identifier: MIT
// A private view of the store. It remembers the generation of every node it
// looked at; committing works only if none of them changed meanwhile, and then
// all of its changes become real at once.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "dom0/xenstore/tree.hpp"

namespace xenstore {

class Transaction final : public View {
  public:
    explicit Transaction(Tree& tree) : tree_{tree} {}

    Node const* find(std::string_view path) override;
    void put(std::string_view path, Node node) override;
    void erase(std::string_view path) override;
    [[nodiscard]] Usage usage(DomId owner) const override;
    [[nodiscard]] bool within_limits(Caller const& caller) const override;

    // Errno::again: somebody else was faster; Errno::nospc: an owner's quota
    // was used up meanwhile. Either way nothing has changed.
    Result<> commit(Caller const& caller);

  private:
    struct Difference {
        s64 nodes = 0;
        s64 bytes = 0;
    };

    void replace(std::string_view path, std::optional<Node> by);
    void account(Node const& node, std::string_view path, s64 sign);

    Tree& tree_;
    std::map<std::string, u64, std::less<>> seen_;                 // path -> generation
    std::map<std::string, std::optional<Node>, std::less<>> own_;  // empty: removed
    std::map<DomId, Difference> differences_;
};

}  // namespace xenstore
