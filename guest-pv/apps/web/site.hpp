// SPDX-License-Identifier: MIT
// What the web guest has to show.
#pragma once

#include "guest-pv/apps/web/http.hpp"
#include "guest-pv/net/interface.hpp"

namespace web {

class Site {
  public:
    explicit Site(net::Interface& interface) : interface_{interface} {}

    Response answer(Request const& request);

  private:
    [[nodiscard]] std::string figures() const;

    net::Interface& interface_;
    u64 requests_ = 0;
};

}  // namespace web
