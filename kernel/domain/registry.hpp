// SPDX-License-Identifier: MIT
// All domains, by id. Lookups take no lock, cost the same however many there
// are, and answer with a held reference (HC-7).
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// srch when no such domain exists or it is dead.
Result<DomainRef> find(DomId id);
// The domain that `id` names for `caller`: DOMID_SELF and the caller's own id
// are the caller. Any other that exists needs priv.control: perm. srch as above.
Result<DomainRef> resolve(Domain& caller, DomId id);
// As resolve, but any existing domain may be named (grants, event channels:
// the operation itself decides what the caller may do there).
Result<DomainRef> resolve_peer(Domain& caller, DomId id);

// The first domain with this id or a higher one, dead ones included; empty
// when there is none.
DomainRef next_from(DomId id);

// Calls f(Domain&) for each, in order of id, while holding a reference to it
// but no lock.
template <class F>
void for_each(F&& f) {
    for (DomainRef d = next_from(DomId{0}); d; d = next_from(DomId{static_cast<u16>(d->id.raw() + 1)}))
        f(*d);
}

// Makes it known. exist: the id is taken, if only by a dead domain of which
// others still hold frames or references (LC-2).
Result<> enlist(Domain& d);
// The domain has been torn down: its life ends, and reap() will look for it.
void bury(Domain& d);
// Frees dead domains that nobody refers to any more. Hold no lock from
// Rank::rcu on.
void reap();

}  // namespace domains
