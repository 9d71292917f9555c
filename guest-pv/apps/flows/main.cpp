// SPDX-License-Identifier: MIT
// TCP connections whose every byte is known, between guests or with the world:
//
//     role=echo                            says back what it hears, on port 7
//     role=client peer=ADDRESS port=7      has so many connections, each of which says
//         flows=1 bytes=1000 pause=50      so many bytes, waits until they are back, and
//                                          after so many ms goes on
//
// beside what the interface wants to know (guest-pv/net/interface.hpp). Each
// second it says how it stands, and how many frames it has sent to others and received of them.
#include <charconv>
#include <cstdio>
#include <string>

#include "guest-pv/apps/flows/frames.hpp"
#include "guest-pv/apps/flows/roles.hpp"
#include "guest-pv/net/interface.hpp"
#include "guest-pv/net/netfront.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/time.hpp"

namespace {

template <class Number>
Number option(char const* name, Number otherwise) {
    auto const text = rt::command_line_option(name);
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

bool read_plan(flows::Plan& plan) {
    auto const peer = std::string{rt::command_line_option("peer")};
    plan.port = option("port", plan.port);
    plan.flows = option("flows", plan.flows);
    plan.bytes = option("bytes", plan.bytes);
    plan.pause_ms = option("pause", plan.pause_ms);
    return ip4addr_aton(peer.c_str(), &plan.peer) != 0;
}

unsigned long long wide(u64 n) {
    return n;
}

void tell(bool client) {
    if (client) {
        auto const s = flows::score();
        std::printf("flows: %u open, %u broken, %llu bytes back, %llu wrong, at least %llu each\n", s.open,
                    s.broken, wide(s.bytes), wide(s.wrong), wide(s.least));
    }
    auto const frames = flows::frames();
    std::printf("flows: %llu frames sent, %llu received\n", wide(frames.sent), wide(frames.received));
}

}  // namespace

int main() {
    auto device = net::Netfront::first();
    flows::Plan plan;
    bool const client = rt::command_line_option("role") == "client";
    if (!device || (client && !read_plan(plan))) {
        std::puts("flows: needs a network device, and a client a peer");
        return 1;
    }
    auto const network = net::Interface::start(std::move(*device));
    if (!network) {
        std::puts("flows: what the command line says of the network makes no sense");
        return 1;
    }
    (*network)->wait_for_address();
    (*network)->run([&] {
        flows::count_frames();
        client ? flows::begin(plan) : flows::serve();
    });
    for (;;) {
        rt::sleep_for(rt::second);
        tell(client);
    }
}
