// SPDX-License-Identifier: MIT
// GNTTABOP_copy: the hypervisor moves bytes between granted frames and the
// caller's own. Backends call it with long arrays that walk through the same
// frames, so what one request needed is kept for the next one.
#include <cstddef>
#include <cstring>

#include "kernel/domain/grants.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/hypercall/grant_ops.hpp"

namespace hypercall {
namespace {

// All that decides which frame is meant and what may be done to it (GT-10), in
// two words, because each request is compared with the one before.
class Key {
    static constexpr u32 ref_bit = u32{1} << 16;
    static constexpr u32 nobody = ~u32{0};  // no request asks for it
    u64 number_ = 0;                        // reference or frame number
    u32 whose_ = nobody;

  public:
    Key() = default;
    Key(gnttab_copy_t::gnttab_copy_ptr const& p, bool by_ref)
        : number_{by_ref ? p.u.ref : p.u.gmfn}, whose_{by_ref ? p.domid | ref_bit : p.domid} {}

    [[nodiscard]] bool by_ref() const { return (whose_ & ref_bit) != 0; }
    [[nodiscard]] DomId domain() const { return DomId{static_cast<u16>(whose_)}; }
    [[nodiscard]] GrantRef ref() const { return GrantRef{static_cast<u32>(number_)}; }
    [[nodiscard]] Mfn frame() const { return Mfn{number_}; }
    bool operator==(Key const&) const = default;
};

// One side of the copies of an array: the frame last used stays held.
class Side {
    bool write_;
    Key key_;
    Granter granter_;  // outlives what is held of it
    grant::Held held_;
    std::byte* bytes_ = nullptr;

    s16 take_granted(Domain& caller, Key const& k) {
        Domain* const granter = granter_.find(caller, k.domain());
        if (granter == nullptr)
            return GNTST_bad_domain;
        trace::note_here(trace::Kind::copy, trace::of_domain(k.domain().raw(), k.ref().raw()),
                         write_ ? 1 : 0);
        return held_.acquire(*granter, k.ref(), caller.id, {false, write_});
    }
    s16 take_own(Domain& caller, Key const& k) {
        if (k.domain() != DomId{DOMID_SELF} && k.domain() != caller.id)
            return GNTST_permission_denied;
        return held_.acquire_own(k.frame(), caller.memory, write_);
    }
    [[gnu::noinline]] s16 take(Domain& caller, Key const& k) {
        held_.reset();
        key_ = {};
        s16 const status = k.by_ref() ? take_granted(caller, k) : take_own(caller, k);
        if (status != GNTST_okay)
            return status;
        key_ = k;
        bytes_ = machine::frame_as<std::byte>(held_.frame());
        return status;
    }

  public:
    explicit Side(bool write) : write_{write} {}

    s16 hold(Domain& caller, Key const& k) { return k == key_ ? s16{GNTST_okay} : take(caller, k); }
    [[nodiscard]] std::byte* bytes() const { return bytes_; }
};

s16 copy_one(Domain& caller, gnttab_copy_t const& op, Side& source, Side& dest) {
    if ((op.flags & ~(GNTCOPY_source_gref | GNTCOPY_dest_gref)) != 0)
        return GNTST_general_error;
    if (u32{op.source.offset} + op.len > page_size || u32{op.dest.offset} + op.len > page_size)
        return GNTST_bad_copy_arg;
    Key const from{op.source, (op.flags & GNTCOPY_source_gref) != 0};
    Key const to{op.dest, (op.flags & GNTCOPY_dest_gref) != 0};
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
