// SPDX-License-Identifier: MIT
// What an operation works on: the store itself, or a transaction's private
// idea of it. Changes are recorded, to fire watches once they are real.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dom0/xenstore/node.hpp"
#include "dom0/xenstore/quota.hpp"

namespace xenstore {

struct Change {
    std::string path;
    std::optional<Permissions> before{};  // empty: was not there
    std::optional<Permissions> after{};   // empty: is gone
    // Gone together with an ancestor that reports for it: only watches at this
    // very path are told.
    bool with_ancestor = false;
};

class View {
  public:
    View() = default;
    View(View const&) = delete;
    View& operator=(View const&) = delete;
    virtual ~View() = default;

    // nullptr: no such node. Good until the view changes.
    virtual Node const* find(std::string_view path) = 0;
    virtual void put(std::string_view path, Node node) = 0;
    virtual void erase(std::string_view path) = 0;
    [[nodiscard]] virtual Usage usage(DomId owner) const = 0;
    // False: `caller` has looked at more than it may within this view.
    [[nodiscard]] virtual bool within_limits(Caller const& caller) const = 0;

    void record(Change change) { changes_.push_back(std::move(change)); }
    std::vector<Change> take_changes() { return std::exchange(changes_, {}); }

  private:
    std::vector<Change> changes_;
};

}  // namespace xenstore
