// SPDX-License-Identifier: MIT
#include "dom0/control/balloon.hpp"

#include "dom0/control/domain_builder.hpp"
#include "dom0/control/domain_nodes.hpp"
#include "dom0/toolstack/text.hpp"

namespace control {
namespace {

using rt::xenbus::Connection;
using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;

constexpr std::string_view target_node = "/memory/target";
constexpr std::string_view limit_node = "/memory/static-max";

std::string path_of(DomId domain, std::string_view node) {
    return home_of(domain).append(node);
}

Outcome<u64> number_at(Connection& store, DomId domain, std::string_view node) {
    auto const text = store.read(path_of(domain, node));
    auto const number = text ? toolstack::to_number<u64>(*text) : std::nullopt;
    if (!number)
        return Failure{"this domain's memory cannot be changed"};
    return *number;
}

Outcome<> write(Connection& store, DomId domain, std::string_view node, u64 kib) {
    return or_say(store.write(path_of(domain, node), std::to_string(kib)), "cannot write to xenstore");
}

Outcome<> hold_to(DomId domain, u64 kib) {
    return or_say(domctl::set_most_memory(domain, kib + slack_kib), "the hypervisor refuses the limit");
}

std::string mib(u64 kib) {
    return std::to_string(kib / 1024) + " MiB";
}

}  // namespace

Outcome<u64> memory_target(Connection& store, DomId domain) {
    return number_at(store, domain, target_node);
}

Outcome<u64> memory_limit(Connection& store, DomId domain) {
    return number_at(store, domain, limit_node);
}

Outcome<> set_memory_target(Connection& store, DomId domain, u64 kib) {
    u64 const limit = GET(memory_limit(store, domain));
    if (kib == 0 || kib > limit)
        return Failure{"a size up to its maximum of " + mib(limit) + " was expected"};
    DO(hold_to(domain, kib));
    return write(store, domain, target_node, kib);
}

Outcome<> set_memory_limit(Connection& store, DomId domain, u64 kib) {
    u64 const target = GET(memory_target(store, domain));
    if (kib < target)
        return Failure{"it is to use " + mib(target) + ": its maximum cannot be less"};
    DO(hold_to(domain, kib));
    return write(store, domain, limit_node, kib);
}

}  // namespace control
