// SPDX-License-Identifier: MIT
// The device side of xenstore: states of the two halves of a split driver,
// numbers kept as text, and waiting for the other half.
#pragma once

#include <optional>
#include <span>

#include "guest-pv/rt/time.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"
#include "kernel/abi/xenstore.hpp"

namespace rt::xenbus {

enum class State : unsigned {
    unknown = XenbusStateUnknown,
    initialising = XenbusStateInitialising,
    init_wait = XenbusStateInitWait,
    initialised = XenbusStateInitialised,
    connected = XenbusStateConnected,
    closing = XenbusStateClosing,
    closed = XenbusStateClosed,
    reconfiguring = XenbusStateReconfiguring,
    reconfigured = XenbusStateReconfigured,
};

// A number in decimal; Errno::inval when the text is anything else.
Result<u64> read_number(Connection& store, std::string_view path, TransactionId in = {});
Result<> write_number(Connection& store, std::string_view path, u64 value, TransactionId in = {});

// A feature key: absent or anything but "1" means no.
bool read_flag(Connection& store, std::string_view path);

// Unreadable or meaningless states count as unknown.
State read_state(Connection& store, std::string_view device);
Result<> write_state(Connection& store, std::string_view device, State state, TransactionId in = {});

// Wait until the device at path `device` is in one of `wanted`.
Result<State> wait_for_state(Connection& store, std::string_view device, std::span<State const> wanted,
                             Nanos deadline = never);

}  // namespace rt::xenbus
