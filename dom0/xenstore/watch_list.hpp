// SPDX-License-Identifier: MIT
// The watches of one client, and which of them a change concerns.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dom0/xenstore/view.hpp"

namespace xenstore {

// Paths that are no nodes: domains come and go.
bool is_special(std::string_view path);

struct Watched {
    std::string path;  // absolute, or special
    std::string token;
    bool relative = false;  // as registered; events then name paths likewise
};

class WatchList {
  public:
    using Fire = std::function<void(std::string_view path, std::string_view token)>;

    // Errno::exist, exist already; Errno::nospc: too many; Errno::toobig: an
    // event with this token might not fit into a message.
    Result<> add(Caller const& caller, Watched watched);
    Result<> remove(std::string_view path, std::string_view token);
    void clear() { watches_.clear(); }
    [[nodiscard]] usize count() const { return watches_.size(); }

    // Calls `fire` for each watch that `caller` may hear of this change by.
    void changed(Caller const& caller, Change const& change, Fire const& fire) const;
    void special(std::string_view path, Fire const& fire) const;

  private:
    std::vector<Watched> watches_;
};

}  // namespace xenstore
