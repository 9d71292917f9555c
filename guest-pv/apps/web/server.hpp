// SPDX-License-Identifier: MIT
// HTTP over lwIP's callbacks: one small object a connection, no threads.
#pragma once

#include <functional>

#include <lwip/tcp.h>

#include "guest-pv/apps/web/http.hpp"

namespace web {

using Handler = std::function<Response(Request const&)>;

class Server {
  public:
    explicit Server(Handler handler) : handler_{std::move(handler)} {}

    // To be called by the network thread.
    [[nodiscard]] bool listen(u16 port);

  private:
    static err_t accept(void* self, tcp_pcb* pcb, err_t error);

    Handler handler_;
};

}  // namespace web
