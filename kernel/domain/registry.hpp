// SPDX-License-Identifier: MIT
// All domains, by id. Lookups answer with a held reference (HC-7).
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// srch when no such domain exists or it is dead.
Result<DomainRef> find(DomId id);
// The domain that `id` names for `caller`: DOMID_SELF and the caller's own id
// are the caller. Anyone else needs priv.control: perm. srch as above.
Result<DomainRef> resolve(Domain& caller, DomId id);
// As resolve, but any existing domain may be named (grants, event channels:
// the operation itself decides what the caller may do there).
Result<DomainRef> resolve_peer(Domain& caller, DomId id);

// Calls f(Domain&) for each, in order of id, while holding a reference to it
// but no lock.
void for_each(void (*f)(Domain&, void*), void* context);
template <class F>
void for_each(F&& f) {
    for_each([](Domain& d, void* c) { (*static_cast<std::remove_reference_t<F>*>(c))(d); }, &f);
}

}  // namespace domains
