// SPDX-License-Identifier: MIT
#include "dom0/control/domain_nodes.hpp"

#include <set>

#include "dom0/control/node_writer.hpp"
#include "dom0/control/vif_nodes.hpp"
#include "kernel/abi/xenstore.hpp"

namespace control {
namespace {

using rt::xenbus::Connection;
using rt::xenbus::TransactionId;

constexpr u64 kib_per_mib = 1024;
constexpr DomId this_domain{0};

Result<> describe_rings(NodeWriter const& home, BuiltDomain const& built) {
    auto const console = home.below("console");
    TRY_VOID(console.put("ring-ref", built.console.frame.raw()));
    TRY_VOID(console.put("port", built.console.port.raw()));
    TRY_VOID(console.put("type", "xenconsoled"));
    TRY_VOID(console.put("output", "pty"));
    auto const store = home.below("store");
    TRY_VOID(store.put("ring-ref", built.store.frame.raw()));
    return store.put("port", built.store.port.raw());
}

// Places that the guest itself writes to.
Result<> give_scratch_space(NodeWriter const& home, DomId guest) {
    for (auto const name :
         {"data", "drivers", "feature", "attr", "error", "control/shutdown", "control/feature-poweroff",
          "control/feature-reboot", "control/feature-suspend", "control/sysrq"})
        TRY_VOID(home.below(name).make(guest, std::nullopt));
    return {};
}

Result<> describe_resources(NodeWriter const& home, toolstack::DomainConfig const& config) {
    TRY_VOID(home.put("memory/static-max", config.maxmem_mib() * kib_per_mib));
    TRY_VOID(home.put("memory/target", config.memory_mib * kib_per_mib));
    for (u32 vcpu = 0; vcpu < config.maxvcpus(); ++vcpu)
        TRY_VOID(home.put("cpu/" + std::to_string(vcpu) + "/availability",
                          vcpu < config.vcpus ? "online" : "offline"));
    return {};
}

Result<> describe_vifs(Connection& store, TransactionId in, DomainFacts const& facts) {
    NodeWriter const devices{store, in, home_of(facts.built.id) + "/device"};
    TRY_VOID(devices.make(this_domain, facts.built.id));
    for (auto const& vif : facts.config.vifs)
        TRY_VOID(describe_vif(store, in, {facts.built.id, facts.config.maxvcpus(), vif}));
    return {};
}

Result<> describe(Connection& store, TransactionId in, DomainFacts const& facts) {
    NodeWriter const home{store, in, home_of(facts.built.id)};
    TRY_VOID(home.make(this_domain, facts.built.id));
    TRY_VOID(home.put("vm", "/vm/" + facts.uuid));
    TRY_VOID(home.put("name", facts.config.name));
    TRY_VOID(home.put("domid", facts.built.id.raw()));
    TRY_VOID(describe_resources(home, facts.config));
    TRY_VOID(give_scratch_space(home, facts.built.id));
    TRY_VOID(describe_rings(home, facts.built));
    TRY_VOID(describe_vifs(store, in, facts));

    NodeWriter const vm{store, in, "/vm/" + facts.uuid};
    TRY_VOID(vm.make(this_domain, facts.built.id));
    TRY_VOID(vm.put("uuid", facts.uuid));
    return vm.put("name", facts.config.name);
}

}  // namespace

std::string home_of(DomId domain) {
    return "/local/domain/" + std::to_string(domain.raw());
}

std::string backend_of(DomId backend, DomId domain, std::string_view kind) {
    return home_of(backend) + "/backend/" + std::string{kind} + "/" + std::to_string(domain.raw());
}

Result<> describe_driver_domain(Connection& store) {
    NodeWriter const home{store, {}, home_of(this_domain)};
    TRY_VOID(home.put("domid", this_domain.raw()));
    return home.put("name", "Domain-0");
}

Result<> describe_domain(Connection& store, DomainFacts const& facts) {
    return store.transact([&](TransactionId in) { return describe(store, in, facts); });
}

Result<> write_name(Connection& store, DomId domain, std::string_view uuid, std::string_view name) {
    return store.transact([&](TransactionId in) -> Result<> {
        TRY_VOID(store.write(home_of(domain) + "/name", name, in));
        return store.write("/vm/" + std::string{uuid} + "/name", name, in);
    });
}

Result<> forget_domain(Connection& store, DomId domain, std::string_view uuid,
                       std::vector<toolstack::VifSpec> const& vifs) {
    std::set<std::string> paths{home_of(domain), "/vm/" + std::string{uuid}};
    for (auto const& vif : vifs)
        paths.insert(backend_of(vif.backend_id, domain, "vif"));
    return store.transact([&](TransactionId in) -> Result<> {
        for (auto const& path : paths) {
            // Parents that never came to be are as good as nodes removed.
            auto const removed = store.remove(path, in);
            if (!removed && removed.error() != Errno::noent)
                return removed;
        }
        return {};
    });
}

}  // namespace control
