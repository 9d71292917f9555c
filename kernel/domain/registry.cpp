// SPDX-License-Identifier: MIT
#include "kernel/domain/registry.hpp"

#include "kernel/mm/heap.hpp"
#include "kernel/mm/relinquish.hpp"

namespace domains {
namespace {

// Sorted by id. A listed domain has one reference from here.
constinit Locked<Domain*, Rank::domain_list> list;

Domain** place_of(Domain*& head, DomId id) {
    Domain** at = &head;
    while (*at && (*at)->id < id)
        at = &(*at)->next;
    return at;
}

// Frames that others still map belong to it by name; the record must outlive
// them, or the id would be inherited.
bool unreferenced(Domain& d) {
    return d.life.load() == Domain::Life::dead && d.refs.load() == 1 && mm::owns_nothing(d.memory);
}

Domain* unlink_one_unreferenced() {
    auto head = list.lock();
    for (Domain** at = &*head; *at; at = &(*at)->next)
        if (unreferenced(**at))
            return std::exchange(*at, (*at)->next);
    return nullptr;
}

}  // namespace

Result<DomainRef> find(DomId id) {
    auto head = list.lock();
    Domain* const d = *place_of(*head, id);
    if (!d || d->id != id || d->life.load() == Domain::Life::dead)
        return Fail{Errno::srch};
    return DomainRef{*d};
}

DomainRef next_from(DomId id) {
    auto head = list.lock();
    Domain* const d = *place_of(*head, id);
    return d ? DomainRef{*d} : DomainRef{};
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
    auto head = list.lock();
    Domain** const at = place_of(*head, d.id);
    if (*at && (*at)->id == d.id)
        return Fail{Errno::exist};
    d.next = *at;
    *at = &d;
    return {};
}

void reap() {
    while (Domain* const d = unlink_one_unreferenced())
        mm::heap_delete(d);
}

}  // namespace domains
