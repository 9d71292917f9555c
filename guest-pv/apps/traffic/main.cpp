// SPDX-License-Identifier: MIT
// The far end of the traffic benchmark (see guest-pv/traffic/protocol.hpp): raw
// UDP, or with `tcp` on the command line, TCP through lwIP. A guest has a
// netfront; the first domain has the machine's card, and shows what the same
// work costs when nobody stands between.
#include <cstdio>

#include "guest-pv/apps/traffic/card.hpp"
#include "guest-pv/apps/traffic/roles.hpp"
#include "guest-pv/net/netfront.hpp"
#include "guest-pv/rt/boot.hpp"

namespace traffic {
namespace {

Result<std::unique_ptr<net::Device>> find_device() {
    if (rt::is_initial_domain())
        return std::unique_ptr<net::Device>{TRY(Card::find())};
    return std::unique_ptr<net::Device>{TRY(net::Netfront::first())};
}

Result<> serve() {
    auto device = TRY(find_device());
    if (rt::command_line().find("tcp") != std::string_view::npos)
        return serve_streams(std::move(device));
    return serve_datagrams(*device);
}

}  // namespace
}  // namespace traffic

int main() {
    auto const ended = traffic::serve();
    std::printf("traffic: error %d\n", static_cast<int>(ended.error()));
    return 1;
}
