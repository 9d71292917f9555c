// SPDX-License-Identifier: MIT
// What the web guest has to show.
#pragma once

#include "guest-pv/apps/web/http.hpp"
#include "guest-pv/net/netfront.hpp"

namespace web {

class Site {
  public:
    explicit Site(net::Netfront const& device) : device_{device} {}

    Response answer(Request const& request);

  private:
    [[nodiscard]] std::string figures() const;

    net::Netfront const& device_;
    u64 requests_ = 0;
};

}  // namespace web
