// SPDX-License-Identifier: MIT
// What xenstore says about a domain: the nodes its guest and the backends look
// for, with the permissions they need.
#pragma once

#include <string>

#include "dom0/control/domain_builder.hpp"
#include "dom0/toolstack/domain_config.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"

namespace control {

struct DomainFacts {
    BuiltDomain built;
    std::string uuid;
    toolstack::DomainConfig const& config;
};

// This domain's own nodes; once, before any other.
Result<> describe_driver_domain(rt::xenbus::Connection& store);

// All of it in one transaction.
Result<> describe_domain(rt::xenbus::Connection& store, DomainFacts const& facts);
Result<> write_name(rt::xenbus::Connection& store, DomId domain, std::string_view uuid,
                    std::string_view name);
Result<> forget_domain(rt::xenbus::Connection& store, DomId domain, std::string_view uuid,
                       std::vector<toolstack::VifSpec> const& vifs);

std::string home_of(DomId domain);
std::string backend_of(DomId backend, DomId domain, std::string_view kind);

}  // namespace control
