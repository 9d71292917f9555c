// SPDX-License-Identifier: MIT
#include "dom0/control/hotplug.hpp"

#include <algorithm>

#include "dom0/control/vif_nodes.hpp"
#include "guest-pv/rt/xenbus/device.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"

namespace control {
namespace {

using rt::xenbus::Connection;
using rt::xenbus::State;
using rt::xenbus::TransactionId;
using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;
using toolstack::VifSpec;

constexpr Nanos patience = 10 * rt::second;

bool has(std::vector<VifSpec> const& vifs, u32 handle) {
    return std::ranges::find(vifs, handle, &VifSpec::handle) != vifs.end();
}

Outcome<VifName> name_of(Guest const& guest, u32 handle) {
    auto const vif = std::ranges::find(guest.config.vifs, handle, &VifSpec::handle);
    if (vif == guest.config.vifs.end())
        return Failure{"the guest has no interface " + std::to_string(handle)};
    return VifName{vif->backend_id, guest.id, handle};
}

Outcome<> wait_for_close(Connection& store, std::string const& backend) {
    auto const watch = GET(or_say(store.watch(backend + "/state"), "cannot watch the interface"));
    Nanos const deadline = rt::now() + patience;
    while (rt::xenbus::read_state(store, backend) != State::closed) {
        if (!watch->wait(deadline))
            return Failure{"the guest does not let go of the interface"};
    }
    return {};
}

// Looked up again after everything that waits: the guest may have ended then.
Outcome<Guest*> guest_of(Toolstack& tools, DomId id) {
    auto* const guest = tools.guest(id);
    if (guest == nullptr)
        return Failure{"no such domain, or not created here"};
    return guest;
}

}  // namespace

Outcome<> attach_vif(Toolstack& tools, DomId id, VifSpec vif) {
    auto const* const guest = GET(guest_of(tools, id));
    u32 handle = 0;
    while (has(guest->config.vifs, handle))
        ++handle;
    identify(vif, guest->config.name, handle);
    DO(tools.find_backend(vif));
    VifFacts const facts{id, guest->config.maxvcpus(), vif};
    DO(or_say(
        tools.store().transact([&](TransactionId in) { return describe_vif(tools.store(), in, facts); }),
        "cannot write to xenstore"));
    GET(guest_of(tools, id))->config.vifs.push_back(std::move(vif));
    return {};
}

Outcome<> detach_vif(Toolstack& tools, DomId id, u32 handle) {
    auto const vif = GET(name_of(*GET(guest_of(tools, id)), handle));
    DO(or_say(unplug_vif(tools.store(), vif), "cannot write to xenstore"));
    DO(wait_for_close(tools.store(), vif_backend_of(vif)));
    DO(or_say(forget_vif(tools.store(), vif), "cannot remove its nodes"));
    std::erase_if(GET(guest_of(tools, id))->config.vifs,
                  [&](VifSpec const& spec) { return spec.handle == handle; });
    return {};
}

}  // namespace control
