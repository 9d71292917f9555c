// SPDX-License-Identifier: MIT
// The network device as xenstore has it, and waiting for what it does.
#pragma once

#include <initializer_list>
#include <string>

#include "guest-pv/net/mac.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/xenbus/device.hpp"

namespace rogue {

using rt::xenbus::State;

// Until it holds; false when it does not in time.
template <class Predicate>
[[nodiscard]] bool eventually(Predicate holds, Nanos patience = 200 * rt::millisecond) {
    Nanos const deadline = rt::now() + patience;
    while (!holds()) {
        if (rt::now() > deadline)
            return false;
        rt::sleep_for(50 * rt::microsecond);
    }
    return true;
}

// The device `device/vif/0` of this guest.
struct Device {
    rt::xenbus::Connection& store;
    std::string front;
    std::string back;
    DomId backend{};
    net::Mac mac{};
    net::Mac peer{};  // a guest that answers questions, see rally

    static Result<Device> find(rt::xenbus::Connection& store, net::Mac const& peer);

    void set_state(State state) const;
    // False: the backend gets to none of these.
    [[nodiscard]] bool await(std::initializer_list<State> states) const;
    // From whatever state it is in. False: the backend does not let go.
    [[nodiscard]] bool close() const;
    // Closed before; false: not offered again.
    [[nodiscard]] bool begin() const;
};

}  // namespace rogue
