// SPDX-License-Identifier: MIT
// The far end of the traffic benchmark (see guest-pv/traffic/protocol.hpp): raw
// UDP on the netfront, or with `tcp` on the command line, TCP through lwIP.
#include <cstdio>

#include "guest-pv/apps/traffic/roles.hpp"
#include "guest-pv/rt/boot.hpp"

int main() {
    bool const tcp = rt::command_line().find("tcp") != std::string_view::npos;
    auto const ended = tcp ? traffic::serve_streams() : traffic::serve_datagrams();
    std::printf("traffic: error %d\n", static_cast<int>(ended.error()));
    return 1;
}
