// SPDX-License-Identifier: MIT
// The parts of grant_table_op that work through arrays of requests. Each
// request gets a status of its own (GT-09); the call as a whole fails only for
// an array that cannot be read or written.
#pragma once

#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {

Answer grant_map(Vcpu& v, GuestPtr<gnttab_map_grant_ref_t> ops, u32 count);
Answer grant_unmap(Vcpu& v, GuestPtr<gnttab_unmap_grant_ref_t> ops, u32 count);
Answer grant_unmap_and_replace(Vcpu& v, GuestPtr<gnttab_unmap_and_replace_t> ops, u32 count);
Answer grant_copy(Vcpu& v, GuestPtr<gnttab_copy_t> ops, u32 count);

// Arranges that `cmd` goes on with the requests that are left.
template <class T>
std::unexpected<Errno> continue_requests(u32 cmd, GuestPtr<T> rest, u32 count) {
    continue_with_args(cmd, rest.raw(), count);
    return Fail{Errno::restart};
}

// The granter of the request before: most arrays have but one.
class Granter {
    DomId id_{};
    DomainRef domain_;

  public:
    // Null: there is no such domain. What it found before may be gone.
    Domain* find(Domain& caller, DomId id) {
        if (domain_ && id_ == id) [[likely]]
            return &*domain_;
        auto found = domains::resolve_peer(caller, id);
        if (!found)
            return nullptr;
        id_ = id;
        domain_ = std::move(*found);
        return &*domain_;
    }
};

}  // namespace hypercall
