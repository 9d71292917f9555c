// SPDX-License-Identifier: MIT
#include "guest-pv/rt/xenbus/device.hpp"

#include <algorithm>
#include <charconv>

#include "guest-pv/rt/xenbus/watch.hpp"

namespace rt::xenbus {

namespace {

std::string state_path(std::string_view device) {
    return std::string{device} + "/state";
}

}  // namespace

Result<u64> read_number(Connection& store, std::string_view path, TransactionId in) {
    auto const text = TRY(store.read(path, in));
    u64 value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return Fail{Errno::inval};
    return value;
}

Result<> write_number(Connection& store, std::string_view path, u64 value, TransactionId in) {
    return store.write(path, std::to_string(value), in);
}

bool read_flag(Connection& store, std::string_view path) {
    auto const value = read_number(store, path);
    return value && *value == 1;
}

State read_state(Connection& store, std::string_view device) {
    auto const value = read_number(store, state_path(device));
    if (!value || *value > static_cast<u64>(State::reconfigured))
        return State::unknown;
    return static_cast<State>(*value);
}

Result<> write_state(Connection& store, std::string_view device, State state, TransactionId in) {
    return write_number(store, state_path(device), static_cast<u64>(state), in);
}

Result<State> wait_for_state(Connection& store, std::string_view device, std::span<State const> wanted,
                             Nanos deadline) {
    auto const watch = TRY(store.watch(state_path(device)));
    for (;;) {
        TRY_VOID(watch->wait(deadline));
        State const state = read_state(store, device);
        if (std::ranges::find(wanted, state) != wanted.end())
            return state;
    }
}

}  // namespace rt::xenbus
