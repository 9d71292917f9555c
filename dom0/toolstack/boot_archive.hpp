// SPDX-License-Identifier: MIT
// The files that came with the driver domain: a cpio archive in the "newc"
// format, with guests' configurations, kernels and ramdisks. The member
// "granite/boot" names the configurations to start at boot, one a line.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dom0/toolstack/outcome.hpp"

namespace toolstack {

class BootArchive {
  public:
    using Contents = std::span<std::byte const>;

    // Views into `archive`, which outlives this object.
    static Outcome<BootArchive> parse(Contents archive);

    [[nodiscard]] Outcome<Contents> file(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;
    // The members to start at boot, in order.
    [[nodiscard]] std::vector<std::string> boot_list() const;

  private:
    std::map<std::string, Contents, std::less<>> files_;
};

}  // namespace toolstack
