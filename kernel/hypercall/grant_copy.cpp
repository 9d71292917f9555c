// SPDX-License-Identifier: MIT
// GNTTABOP_copy: the hypervisor moves bytes between granted frames and the
// caller's own. Backends call it with long arrays that walk through the same
// frames, so what one request needed is kept for the next one.
#include <cstddef>
#include <cstring>

#include "kernel/domain/grants.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/hypercall/grant_ops.hpp"

namespace hypercall {
namespace {

// All that decides which frame is meant and what may be done to it (GT-10).
struct Key {
    bool by_ref = false;
    DomId domain{};
    u64 number = 0;  // reference or frame number

    bool operator==(Key const&) const = default;
};

// One side of the copies of an array: the frame last used stays held.
class Side {
    bool write_;
    bool valid_ = false;
    Key key_;
    DomainRef domain_;  // of key_.domain when by_ref; outlives what is held of it
    grant::Held held_;
    std::byte* bytes_ = nullptr;

    s16 find_granter(Domain& caller, DomId id) {
        if (domain_ && key_.by_ref && key_.domain == id)
            return GNTST_okay;
        auto found = domains::resolve_peer(caller, id);
        if (!found)
            return GNTST_bad_domain;
        domain_ = std::move(*found);
        return GNTST_okay;
    }
    s16 take_granted(Domain& caller, Key const& k) {
        if (s16 const status = find_granter(caller, k.domain); status != GNTST_okay)
            return status;
        GrantRef const ref{static_cast<u32>(k.number)};
        trace::note_here(trace::Kind::copy, trace::of_domain(k.domain.raw(), ref.raw()), write_ ? 1 : 0);
        return held_.acquire(*domain_, ref, caller.id, {false, write_});
    }
    s16 take_own(Domain& caller, Key const& k) {
        if (k.domain != DomId{DOMID_SELF} && k.domain != caller.id)
            return GNTST_permission_denied;
        return held_.acquire_own(Mfn{k.number}, caller.memory, write_);
    }

  public:
    explicit Side(bool write) : write_{write} {}

    s16 hold(Domain& caller, Key const& k) {
        if (valid_ && k == key_) [[likely]]
            return GNTST_okay;
        held_.reset();
        s16 const status = k.by_ref ? take_granted(caller, k) : take_own(caller, k);
        key_ = k;
        valid_ = status == GNTST_okay;
        if (valid_)
            bytes_ = machine::frame_as<std::byte>(held_.frame());
        return status;
    }
    [[nodiscard]] std::byte* bytes() const { return bytes_; }
};

Key key_of(gnttab_copy_t::gnttab_copy_ptr const& p, bool by_ref) {
    return {by_ref, DomId{p.domid}, by_ref ? p.u.ref : p.u.gmfn};
}

s16 copy_one(Domain& caller, gnttab_copy_t const& op, Side& source, Side& dest) {
    if ((op.flags & ~(GNTCOPY_source_gref | GNTCOPY_dest_gref)) != 0)
        return GNTST_general_error;
    if (u32{op.source.offset} + op.len > page_size || u32{op.dest.offset} + op.len > page_size)
        return GNTST_bad_copy_arg;
    Key const from = key_of(op.source, (op.flags & GNTCOPY_source_gref) != 0);
    Key const to = key_of(op.dest, (op.flags & GNTCOPY_dest_gref) != 0);
    if (s16 const status = source.hold(caller, from); status != GNTST_okay)
        return status;
    if (s16 const status = dest.hold(caller, to); status != GNTST_okay)
        return status;
    // Both may name one frame.
    if (source.bytes() == dest.bytes()) [[unlikely]]
        std::memmove(dest.bytes() + op.dest.offset, source.bytes() + op.source.offset, op.len);
    else
        std::memcpy(dest.bytes() + op.dest.offset, source.bytes() + op.source.offset, op.len);
    return GNTST_okay;
}

}  // namespace

Answer grant_copy(Vcpu& v, GuestPtr<gnttab_copy_t> ops, u32 count) {
    constexpr u32 between_checks = 32;  // copies of a page each stay below 50 us
    auto const list = TRY(ops.span(count));
    Side source{false}, dest{true};
    for (u32 i = 0; i < count; ++i) {
        gnttab_copy_t const op = TRY(list.fetch(i));
        s16 const status = copy_one(v.domain, op, source, dest);
        TRY_VOID(list.store_member(i, offsetof(gnttab_copy_t, status), status));
        if ((i + 1) % between_checks == 0 && i + 1 < count && machine::preempt_pending())
            return continue_requests(GNTTABOP_copy, ops + (i + 1), count - i - 1);
    }
    return 0;
}

}  // namespace hypercall
