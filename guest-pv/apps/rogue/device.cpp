// SPDX-License-Identifier: MIT
#include "guest-pv/apps/rogue/device.hpp"

namespace rogue {

Result<Device> Device::find(rt::xenbus::Connection& store, net::Mac const& peer) {
    Device device{.store = store, .front = "device/vif/0", .back = {}};
    device.back = TRY(store.read(device.front + "/backend"));
    device.backend =
        DomId{static_cast<u16>(TRY(rt::xenbus::read_number(store, device.front + "/backend-id")))};
    auto const mac = net::parse_mac(TRY(store.read(device.front + "/mac")));
    if (!mac)
        return Fail{Errno::inval};
    device.mac = *mac;
    device.peer = peer;
    return device;
}

void Device::set_state(State state) const {
    static_cast<void>(rt::xenbus::write_state(store, front, state));
}

bool Device::await(std::initializer_list<State> states) const {
    constexpr Nanos patience = 2 * rt::second;
    return rt::xenbus::wait_for_state(store, back, std::span{states.begin(), states.size()},
                                      rt::now() + patience)
        .has_value();
}

bool Device::close() const {
    set_state(State::closing);
    bool const begun = await({State::closing, State::closed, State::init_wait});
    set_state(State::closed);
    return await({State::closed}) && begun;
}

bool Device::begin() const {
    set_state(State::initialising);
    return await({State::init_wait});
}

}  // namespace rogue
