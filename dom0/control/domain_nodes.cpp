// SPDX-License-Identifier: MIT
#include "dom0/control/domain_nodes.hpp"

#include <algorithm>

#include "kernel/abi/xenstore.hpp"

namespace control {
namespace {

using rt::xenbus::Connection;
using rt::xenbus::TransactionId;

constexpr u64 kib_per_mib = 1024;
constexpr DomId this_domain{0};

// Writes nodes below one directory, in one transaction.
class Writer {
    Connection& store_;
    TransactionId transaction_;
    std::string base_;

  public:
    Writer(Connection& store, TransactionId transaction, std::string base)
        : store_{store}, transaction_{transaction}, base_{std::move(base)} {}

    [[nodiscard]] std::string const& base() const { return base_; }
    [[nodiscard]] Writer below(std::string_view name) const {
        return {store_, transaction_, base_ + "/" + std::string{name}};
    }

    Result<> put(std::string_view name, std::string_view value) const {
        return store_.write(base_ + "/" + std::string{name}, value, transaction_);
    }
    Result<> put(std::string_view name, u64 value) const { return put(name, std::to_string(value)); }

    // Makes the directory. What is put there later inherits its permissions.
    Result<> make(DomId owner, std::optional<DomId> reader) const {
        TRY_VOID(store_.mkdir(base_, transaction_));
        std::vector<std::string> permissions{"n" + std::to_string(owner.raw())};
        if (reader)
            permissions.push_back("r" + std::to_string(reader->raw()));
        return store_.set_permissions(base_, permissions, transaction_);
    }
};

Result<> describe_rings(Writer const& home, BuiltDomain const& built) {
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
Result<> give_scratch_space(Writer const& home, DomId guest) {
    for (auto const name :
         {"data", "drivers", "feature", "attr", "error", "control/shutdown", "control/feature-poweroff",
          "control/feature-reboot", "control/feature-suspend", "control/sysrq"})
        TRY_VOID(home.below(name).make(guest, std::nullopt));
    return {};
}

Result<> describe_resources(Writer const& home, toolstack::DomainConfig const& config) {
    TRY_VOID(home.put("memory/static-max", config.maxmem_mib() * kib_per_mib));
    TRY_VOID(home.put("memory/target", config.memory_mib * kib_per_mib));
    for (u32 vcpu = 0; vcpu < config.maxvcpus(); ++vcpu)
        TRY_VOID(home.put("cpu/" + std::to_string(vcpu) + "/availability",
                          vcpu < config.vcpus ? "online" : "offline"));
    return {};
}

Result<> describe_vif(Writer const& frontend, Writer const& backend, DomainFacts const& facts, u32 index) {
    auto const& vif = facts.config.vifs[index];
    auto const mac = toolstack::to_string(*vif.mac);
    TRY_VOID(frontend.make(facts.built.id, this_domain));
    TRY_VOID(frontend.put("backend", backend.base()));
    TRY_VOID(frontend.put("backend-id", this_domain.raw()));
    TRY_VOID(frontend.put("handle", index));
    TRY_VOID(frontend.put("mac", mac));
    TRY_VOID(frontend.put("state", XenbusStateInitialising));

    TRY_VOID(backend.make(this_domain, facts.built.id));
    TRY_VOID(backend.put("frontend", frontend.base()));
    TRY_VOID(backend.put("frontend-id", facts.built.id.raw()));
    TRY_VOID(backend.put("online", 1));
    TRY_VOID(backend.put("bridge", vif.bridge));
    TRY_VOID(backend.put("handle", index));
    TRY_VOID(backend.put("mac", mac));
    TRY_VOID(backend.put("type", "vif"));
    TRY_VOID(backend.put("queues",
                         vif.queues.value_or(std::min(facts.config.maxvcpus(), toolstack::most_queues))));
    if (vif.mtu) {
        TRY_VOID(frontend.put("mtu", *vif.mtu));
        TRY_VOID(backend.put("mtu", *vif.mtu));
    }
    if (vif.rate_bytes_per_second != 0)
        TRY_VOID(
            backend.put("rate", std::to_string(vif.rate_bytes_per_second * vif.rate_interval_us / 1'000'000) +
                                    "," + std::to_string(vif.rate_interval_us)));
    return backend.put("state", XenbusStateInitialising);
}

Result<> describe_vifs(Connection& store, TransactionId in, DomainFacts const& facts) {
    Writer const devices{store, in, home_of(facts.built.id) + "/device"};
    Writer const backends{store, in, backend_of(facts.built.id, "vif")};
    TRY_VOID(devices.make(this_domain, facts.built.id));
    for (u32 index = 0; index < facts.config.vifs.size(); ++index) {
        auto const number = std::to_string(index);
        TRY_VOID(describe_vif(devices.below("vif").below(number), backends.below(number), facts, index));
    }
    return {};
}

Result<> describe(Connection& store, TransactionId in, DomainFacts const& facts) {
    Writer const home{store, in, home_of(facts.built.id)};
    TRY_VOID(home.make(this_domain, facts.built.id));
    TRY_VOID(home.put("vm", "/vm/" + facts.uuid));
    TRY_VOID(home.put("name", facts.config.name));
    TRY_VOID(home.put("domid", facts.built.id.raw()));
    TRY_VOID(describe_resources(home, facts.config));
    TRY_VOID(give_scratch_space(home, facts.built.id));
    TRY_VOID(describe_rings(home, facts.built));
    TRY_VOID(describe_vifs(store, in, facts));

    Writer const vm{store, in, "/vm/" + facts.uuid};
    TRY_VOID(vm.make(this_domain, facts.built.id));
    TRY_VOID(vm.put("uuid", facts.uuid));
    return vm.put("name", facts.config.name);
}

}  // namespace

std::string home_of(DomId domain) {
    return "/local/domain/" + std::to_string(domain.raw());
}

std::string backend_of(DomId domain, std::string_view kind) {
    return home_of(this_domain) + "/backend/" + std::string{kind} + "/" + std::to_string(domain.raw());
}

Result<> describe_driver_domain(Connection& store) {
    Writer const home{store, {}, home_of(this_domain)};
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

Result<> forget_domain(Connection& store, DomId domain, std::string_view uuid) {
    return store.transact([&](TransactionId in) -> Result<> {
        for (auto const& path : {home_of(domain), backend_of(domain, "vif"), "/vm/" + std::string{uuid}}) {
            // Parents that never came to be are as good as nodes removed.
            auto const removed = store.remove(path, in);
            if (!removed && removed.error() != Errno::noent)
                return removed;
        }
        return {};
    });
}

}  // namespace control
