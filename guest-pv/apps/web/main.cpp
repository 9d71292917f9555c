// SPDX-License-Identifier: MIT
// A web server: live figures of the guest at /, as JSON at /stats, and a large
// download whose every byte is known at /big.
#include <cstdio>

#include "guest-pv/apps/web/server.hpp"
#include "guest-pv/apps/web/site.hpp"
#include "guest-pv/net/interface.hpp"
#include "guest-pv/rt/power.hpp"

int main() {
    auto device = net::Netfront::first();
    if (!device) {
        std::puts("web: this guest has no network device");
        return 1;
    }
    static web::Site site{**device};
    auto const network = net::Interface::start(std::move(*device));
    if (!network) {
        std::puts("web: what the command line says of the network makes no sense");
        return 1;
    }
    net::Interface& interface = **network;
    interface.wait_for_address();

    static web::Server server{[](web::Request const& request) { return site.answer(request); }};
    interface.run([] {
        if (!server.listen(80))
            rt::panic("port 80 cannot be listened on");
    });
    std::printf("web: listening on http://%s/\n", interface.address().c_str());

    rt::WaitQueue forever;
    for (;;)
        forever.wait();
}
