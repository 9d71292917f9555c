// SPDX-License-Identifier: MIT
#include "dom0/xenstore/domain_requests.hpp"

#include "dom0/xenstore/path.hpp"

namespace xenstore {
namespace {

Result<DomId> domain_in(Request& request) {
    auto const number = TRY(request.number<u16>());
    if (number >= DOMID_FIRST_RESERVED)
        return Fail{Errno::inval};
    return DomId{number};
}

Result<DomId> only_domain_in(Request& request) {
    auto const domain = TRY(domain_in(request));
    TRY_VOID(request.at_end());
    return domain;
}

std::string done() {
    return {"OK\0", 3};
}

}  // namespace

Result<std::string> introduce_domain(Request& request) {
    auto const domain = TRY(domain_in(request));
    auto const ring = TRY(request.number<u64>());
    auto const port = TRY(request.number<u32>());
    TRY_VOID(request.at_end());
    TRY_VOID(request.server.domains().introduce(domain, Mfn{ring}, EvtchnPort{port}));
    request.server.domain_introduced(domain);
    return done();
}

Result<std::string> release_domain(Request& request) {
    auto const domain = TRY(only_domain_in(request));
    TRY_VOID(request.server.domains().release(domain));
    request.server.domain_released(domain);
    return done();
}

Result<std::string> is_introduced(Request& request) {
    auto const domain = TRY(only_domain_in(request));
    return std::string{request.server.domains().introduced(domain) ? "T" : "F"} + '\0';
}

Result<std::string> domain_path(Request& request) {
    return home_of(TRY(only_domain_in(request))) + '\0';
}

}  // namespace xenstore
