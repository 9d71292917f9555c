// SPDX-License-Identifier: MIT
#include "dom0/net/netback/grant_copies.hpp"

#include <limits>

namespace netback {

static_assert(Transfer::most_items - 1 <= std::numeric_limits<u8>::max());

void GrantCopies::begin() {
    count_ = 0;
    if (failures_)
        failed_.reset();
    failures_ = false;
}

gnttab_copy_t& GrantCopies::add(u32 item) {
    items_[count_] = static_cast<u8>(item);
    return copies_[count_++];
}

void GrantCopies::to_guest(nic::Packet const& buffer, u16 offset, Granted to, u16 bytes, u32 item) {
    gnttab_copy_t& op = add(item);
    if (buffer.lent) {
        op.source.u.ref = buffer.lent->page.raw();
        op.source.domid = buffer.lent->domain.raw();
        op.source.offset = static_cast<u16>(buffer.lent->offset + offset);
        op.flags = GNTCOPY_source_gref | GNTCOPY_dest_gref;
    } else {
        op.source.u.gmfn = mfn_of(buffer.at).raw();
        op.source.domid = DOMID_SELF;
        op.source.offset = static_cast<u16>(offset_in_page(buffer.at) + offset);
        op.flags = GNTCOPY_dest_gref;
    }
    op.dest.u.ref = to.page.raw();
    op.dest.domid = peer_.domain.raw();
    op.dest.offset = to.offset;
    op.len = bytes;
}

void GrantCopies::from_guest(Granted from, nic::Packet const& buffer, u16 bytes, u32 item) {
    gnttab_copy_t& op = add(item);
    op.source.u.ref = from.page.raw();
    op.source.domid = peer_.domain.raw();
    op.source.offset = from.offset;
    op.dest.u.gmfn = mfn_of(buffer.at).raw();
    op.dest.domid = DOMID_SELF;
    op.dest.offset = static_cast<u16>(offset_in_page(buffer.at) + buffer.length);
    op.len = bytes;
    op.flags = GNTCOPY_source_gref;
}

void GrantCopies::run() {
    if (count_ != 0)
        conclude(peer_.copy(planned()).has_value());
}

void GrantCopies::conclude(bool tried) {
    for (u32 i = 0; i < count_; ++i)
        if (!tried || copies_[i].status != GNTST_okay) {
            failures_ = true;
            failed_.set(items_[i]);
        }
}

}  // namespace netback
