// SPDX-License-Identifier: MIT
// One piece of work after the other, and a record of each.
#pragma once
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "scripts/plugin/traffic/works.hpp"

namespace traffic {

class Schedule {
  public:
    Schedule(Wire wire, bool several_cpus, std::size_t guests, std::vector<std::string> works,
             std::FILE* record);

    [[nodiscard]] Ledger& ledger() { return ledger_; }
    void look(bool idle);
    void card_got_buffers();

  private:
    void begin_next();
    void note();

    Ledger ledger_;
    Host host_;
    Bench bench_;
    std::vector<std::string> works_;
    std::FILE* record_;
    std::size_t next_ = 0;
    std::optional<Work> current_;
};

}  // namespace traffic
