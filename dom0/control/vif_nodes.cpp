// SPDX-License-Identifier: MIT
#include "dom0/control/vif_nodes.hpp"

#include <algorithm>

#include "dom0/control/domain_nodes.hpp"
#include "dom0/control/node_writer.hpp"
#include "kernel/abi/xenstore.hpp"

namespace control {
namespace {

using rt::xenbus::Connection;
using rt::xenbus::TransactionId;

constexpr DomId this_domain{0};

std::string frontend_of(DomId guest, u32 handle) {
    return home_of(guest) + "/device/vif/" + std::to_string(handle);
}

Result<> describe_frontend(NodeWriter const& frontend, std::string const& backend, VifFacts const& facts) {
    TRY_VOID(frontend.make(facts.guest, facts.vif.backend_id));
    TRY_VOID(frontend.put("backend", backend));
    TRY_VOID(frontend.put("backend-id", facts.vif.backend_id.raw()));
    TRY_VOID(frontend.put("handle", facts.vif.handle));
    TRY_VOID(frontend.put("mac", toolstack::to_string(*facts.vif.mac)));
    if (facts.vif.mtu)
        TRY_VOID(frontend.put("mtu", *facts.vif.mtu));
    return frontend.put("state", XenbusStateInitialising);
}

// As the backend wants it: so many bytes in so many microseconds.
std::string rate_text(toolstack::VifSpec const& vif) {
    return std::to_string(vif.rate_bytes_per_second * vif.rate_interval_us / 1'000'000) + "," +
           std::to_string(vif.rate_interval_us);
}

// What it may send, in the words of its configuration.
Result<> describe_policy(NodeWriter const& backend, toolstack::VifSpec const& vif) {
    TRY_VOID(backend.put("antispoof", vif.antispoof ? 1 : 0));
    TRY_VOID(backend.put("vlan", vif.vlan));
    if (!vif.trunk.empty())
        TRY_VOID(backend.put("trunk", vif.trunk));
    if (!vif.ip.empty())
        TRY_VOID(backend.put("ip", vif.ip));
    if (vif.allow)
        TRY_VOID(backend.put("allow", *vif.allow));
    return {};
}

Result<> describe_backend(NodeWriter const& backend, std::string const& frontend, VifFacts const& facts) {
    auto const& vif = facts.vif;
    TRY_VOID(backend.make(facts.vif.backend_id, facts.guest));
    TRY_VOID(backend.put("frontend", frontend));
    TRY_VOID(backend.put("frontend-id", facts.guest.raw()));
    TRY_VOID(backend.put("online", 1));
    TRY_VOID(backend.put("bridge", vif.bridge));
    TRY_VOID(backend.put("handle", vif.handle));
    TRY_VOID(backend.put("mac", toolstack::to_string(*vif.mac)));
    TRY_VOID(backend.put("type", "vif"));
    TRY_VOID(backend.put("replaceable", vif.backend_id == this_domain ? 0 : 1));
    TRY_VOID(backend.put("queues", vif.queues.value_or(std::min(facts.vcpus, toolstack::most_queues))));
    if (vif.mtu)
        TRY_VOID(backend.put("mtu", *vif.mtu));
    if (vif.mode)
        TRY_VOID(backend.put("mode", netback::name_of(*vif.mode)));
    if (vif.rate_bytes_per_second != 0)
        TRY_VOID(backend.put("rate", rate_text(vif)));
    TRY_VOID(describe_policy(backend, vif));
    return backend.put("state", XenbusStateInitialising);
}

}  // namespace

std::string vif_backend_of(VifName const& vif) {
    return backend_of(vif.backend, vif.guest, "vif") + "/" + std::to_string(vif.handle);
}

Result<> describe_vif(Connection& store, TransactionId in, VifFacts const& facts) {
    NodeWriter const frontend{store, in, frontend_of(facts.guest, facts.vif.handle)};
    NodeWriter const backend{store, in,
                             vif_backend_of({facts.vif.backend_id, facts.guest, facts.vif.handle})};
    TRY_VOID(describe_frontend(frontend, backend.base(), facts));
    return describe_backend(backend, frontend.base(), facts);
}

Result<> mirror_vif(Connection& store, VifName const& vif, std::optional<VifName> watcher) {
    auto const node = vif_backend_of(vif) + "/mirror";
    if (watcher)
        return store.write(node,
                           std::to_string(watcher->guest.raw()) + "/" + std::to_string(watcher->handle));
    auto const removed = store.remove(node);
    return !removed && removed.error() != Errno::noent ? removed : Result<>{};
}

Result<> unplug_vif(Connection& store, VifName const& vif) {
    return store.transact([&](TransactionId in) -> Result<> {
        NodeWriter const backend{store, in, vif_backend_of(vif)};
        TRY_VOID(backend.put("online", 0));
        return backend.put("state", XenbusStateClosing);
    });
}

Result<> forget_vif(Connection& store, VifName const& vif) {
    return store.transact([&](TransactionId in) -> Result<> {
        TRY_VOID(store.remove(frontend_of(vif.guest, vif.handle), in));
        return store.remove(vif_backend_of(vif), in);
    });
}

}  // namespace control
