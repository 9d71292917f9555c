// SPDX-License-Identifier: MIT
#include "kernel/domain/registry.hpp"

#include <algorithm>

#include "kernel/mm/heap.hpp"
#include "kernel/mm/relinquish.hpp"
#include "kernel/sync/deferred.hpp"
#include "kernel/sync/rcu.hpp"

namespace domains {
namespace {

// By id. A listed domain has one reference from here. Readers are RcuReaders:
// a domain is freed only after those who may have found it here are through.
constinit std::array<std::atomic<Domain*>, DOMID_FIRST_RESERVED> table{};
constinit std::atomic<u32> table_end{0};  // no id from here on was ever listed
constinit std::atomic<u32> buried{0};     // dead ones in the table

// Frames that others still map belong to it by name; the record must outlive
// them, or the id would be inherited.
bool is_forgotten(Domain& d) {
    return d.life.load() == Domain::Life::dead && mm::owns_nothing(d.memory);
}

// Takes the domain out if nobody but the table refers to it; from then on it
// cannot be referred to again, and the caller alone knows it.
Domain* unlist_if_forgotten(std::atomic<Domain*>& place) {
    RcuReader const reading;
    Domain* const d = place.load();
    if (!d || !is_forgotten(*d) || !DomainRef::end(*d))
        return nullptr;
    place.store(nullptr);
    return d;
}

constinit Deferred reaping{reap};

}  // namespace

void reap_soon() {
    reaping.request();
}

Result<DomainRef> find(DomId id) {
    if (id >= DomId{DOMID_FIRST_RESERVED})
        return Fail{Errno::srch};
    RcuReader const reading;
    Domain* const d = table[nospec::index(id.raw(), table.size())].load();
    if (!d || d->life.load() == Domain::Life::dead)
        return Fail{Errno::srch};
    DomainRef found = DomainRef::try_take(*d);
    if (!found)
        return Fail{Errno::srch};
    return found;
}

DomainRef next_from(DomId id) {
    RcuReader const reading;
    u32 const end = table_end.load();
    for (u32 n = id.raw(); n < end; ++n)
        if (Domain* const d = table[n].load())
            if (DomainRef found = DomainRef::try_take(*d))
                return found;
    return {};
}

Result<DomainRef> resolve_peer(Domain& caller, DomId id) {
    if (id == DomId{DOMID_SELF} || id == caller.id)
        return DomainRef{caller};
    return find(id);
}

Result<DomainRef> resolve(Domain& caller, DomId id) {
    DomainRef target = TRY(resolve_peer(caller, id));
    if (&*target != &caller && !caller.priv.control)
        return Fail{Errno::perm};
    return target;
}

Result<> enlist(Domain& d) {
    u32 const n = d.id.raw();
    Domain* nobody = nullptr;
    if (!table[n].compare_exchange_strong(nobody, &d))
        return Fail{Errno::exist};
    u32 end = table_end.load();
    while (end < n + 1 && !table_end.compare_exchange_weak(end, n + 1)) {
    }
    return {};
}

void bury(Domain& d) {
    d.life = Domain::Life::dead;
    buried.fetch_add(1);
    d.refs.fetch_or(Domain::buried);
}

void reap() {
    for (u32 n = 0, end = table_end.load(); n < end && buried.load() != 0; ++n)
        if (Domain* const d = unlist_if_forgotten(table[n])) {
            buried.fetch_sub(1);
            rcu::synchronize();
            mm::heap_delete(d);
        }
}

}  // namespace domains
