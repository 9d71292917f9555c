// SPDX-License-Identifier: MIT
// The last bytes a guest said, for whoever wants to know how it ended.
#pragma once

#include <string>
#include <string_view>

#include "dom0/console/growth.hpp"
#include "kernel/base/types.hpp"

namespace console {

class History {
  public:
    static constexpr usize capacity = 64 * 1024;

    void append(std::string_view bytes, Growth growth = Growth::allowed);

    [[nodiscard]] std::string_view text() const { return text_; }
    // At most the last `most` bytes; what had to be cut begins with a whole line.
    [[nodiscard]] std::string_view last(usize most) const;
    // Bytes that were pushed out by later ones, or had no room.
    [[nodiscard]] u64 lost() const { return lost_; }

  private:
    std::string text_;
    u64 lost_ = 0;
};

}  // namespace console
