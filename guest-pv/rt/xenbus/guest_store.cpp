// SPDX-License-Identifier: MIT
// The store this guest was given at its start, and the toolstack's requests
// to end that come by it.
#include <memory>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/boot/stages.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/power.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"

namespace rt {

namespace {

constexpr std::string_view request_path = "control/shutdown";

xenbus::Connection* current = nullptr;

// The channel and the connection last as long as the guest.
struct GuestStore {
    EventChannel channel = EventChannel::adopt(EvtchnPort{start_info().store_evtchn});
    xenbus::Connection connection{
        *reinterpret_cast<xenstore_domain_interface*>(linear_address(Mfn{start_info().store_mfn})),
        [this] { channel.notify(); }};

    GuestStore() {
        channel.on_event([this] { connection.ring_moved(); });
    }
};

std::function<void(Shutdown)>& shutdown_handler() {
    static std::function<void(Shutdown)> self = shutdown;
    return self;
}

void obey(std::string_view request) {
    if (request == "poweroff" || request == "halt")
        shutdown_handler()(Shutdown::poweroff);
    else if (request == "reboot")
        shutdown_handler()(Shutdown::reboot);
}

// Taking the request back out is how a guest says that it will obey.
Result<> watch_requests(xenbus::Connection& store) {
    TRY_VOID(store.write("control/feature-poweroff", "1"));
    TRY_VOID(store.write("control/feature-reboot", "1"));
    auto const watch = TRY(store.watch(request_path));
    for (;;) {
        TRY_VOID(watch->wait());
        auto const request = store.read(request_path);
        if (!request || request->empty())
            continue;
        TRY_VOID(store.write(request_path, ""));
        obey(*request);
    }
}

}  // namespace

namespace xenbus {

Connection* connection() {
    bool const given = !is_initial_domain() && start_info().store_evtchn != 0;
    if (current == nullptr && given) {
        static GuestStore self;
        current = &self.connection;
    }
    return current;
}

void use_connection(Connection& connection) {
    current = &connection;
}

}  // namespace xenbus

void on_shutdown_request(std::function<void(Shutdown)> handler) {
    shutdown_handler() = std::move(handler);
}

void stage::watch_for_shutdown() {
    if (auto* store = xenbus::connection())
        spawn("shutdown watch", [store] {
            // A toolstack without these keys has no such requests to make.
            static_cast<void>(watch_requests(*store));
        });
}

}  // namespace rt
