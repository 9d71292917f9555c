// SPDX-License-Identifier: MIT
// The nodes of a network interface: the frontend's and the backend's. Backend
// and guest watch them, so writing them is all it takes to plug one in.
#pragma once

#include "dom0/toolstack/vif_spec.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"

namespace control {

struct VifFacts {
    DomId guest{};
    u32 vcpus = 1;  // of the guest, at most
    toolstack::VifSpec const& vif;
};

Result<> describe_vif(rt::xenbus::Connection& store, rt::xenbus::TransactionId in, VifFacts const& facts);

struct VifName {
    DomId backend{};
    DomId guest{};
    u32 handle = 0;
};

// The watcher is given what the interface sends and receives; none: no longer.
// Both have one backend.
Result<> mirror_vif(rt::xenbus::Connection& store, VifName const& vif, std::optional<VifName> watcher);

// Asks both halves to let go of each other; the backend is Closed when they have.
Result<> unplug_vif(rt::xenbus::Connection& store, VifName const& vif);
Result<> forget_vif(rt::xenbus::Connection& store, VifName const& vif);
std::string vif_backend_of(VifName const& vif);

}  // namespace control
