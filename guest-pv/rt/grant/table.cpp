// SPDX-License-Identifier: MIT
#include "guest-pv/rt/grant/table.hpp"

#include <utility>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/page_table.hpp"

namespace rt {

namespace {

constexpr usize entries_per_frame = page_size / sizeof(grant_entry_v1_t);
constexpr u16 in_use = GTF_reading | GTF_writing;

Result<usize> maximum_frames() {
    gnttab_query_size_t query{.dom = DOMID_SELF, .nr_frames = 0, .max_nr_frames = 0, .status = 0};
    TRY_VOID(hypercall::grant_table_op(GNTTABOP_query_size, query));
    if (query.status != GNTST_okay)
        return Fail{Errno::io};
    return query.max_nr_frames;
}

// Frames 0 to count-1 of the table, which grows to that size.
Result<std::vector<xen_pfn_t>> setup(usize count) {
    std::vector<xen_pfn_t> frames(count);
    gnttab_setup_table_t request{};
    request.dom = DOMID_SELF;
    request.nr_frames = static_cast<u32>(count);
    set_xen_guest_handle(request.frame_list, frames.data());
    TRY_VOID(hypercall::grant_table_op(GNTTABOP_setup_table, request));
    if (request.status != GNTST_okay)
        return Fail{Errno::nospc};
    return frames;
}

}  // namespace

GrantTable& grant_table() {
    static GrantTable self;
    return self;
}

Result<> GrantTable::grow() {
    if (window_.pages() == 0) {
        usize const most = TRY(maximum_frames());
        window_ = TRY(Window::reserve(most));
    }
    if (frames_ == window_.pages())
        return Fail{Errno::nospc};
    auto const all = TRY(setup(frames_ + 1));
    page_table::Writer writer;
    Maddr const at = TRY(page_table::l1_entry(window_.address(frames_)));
    TRY_VOID(writer.write(at, page_table::entry_for(Mfn{all[frames_]}, page_table::data)));
    TRY_VOID(writer.flush());
    usize const first = frames_++ * entries_per_frame;
    // The lowest entries are the toolstack's, for console and store.
    for (usize ref = first + entries_per_frame; ref-- > std::max<usize>(first, GNTTAB_NR_RESERVED_ENTRIES);)
        free_.push_back(GrantRef{static_cast<u32>(ref)});
    counts_.capacity = frames_ * entries_per_frame;
    return {};
}

Result<GrantRef> GrantTable::allow(DomId peer, Mfn frame, Access access) {
    if (free_.empty())
        TRY_VOID(grow());
    GrantRef const ref = free_.back();
    free_.pop_back();
    auto& granted = entry(ref);
    granted.frame = static_cast<u32>(frame.raw());
    granted.domid = peer.raw();
    u16 const kind = GTF_permit_access | (access == Access::read_only ? GTF_readonly : 0);
    // Valid from here on, so the rest must be seen first.
    __atomic_store_n(&granted.flags, kind, __ATOMIC_RELEASE);
    counts_.active++;
    counts_.made++;
    return ref;
}

// The hypervisor sets its use bits by compare-and-exchange as well, so one of
// the two sees the other.
bool GrantTable::end(GrantRef ref) {
    auto& granted = entry(ref);
    u16 flags = __atomic_load_n(&granted.flags, __ATOMIC_SEQ_CST);
    do {
        if ((flags & in_use) != 0)
            return false;
    } while (!__atomic_compare_exchange_n(&granted.flags, &flags, u16{0}, false, __ATOMIC_SEQ_CST,
                                          __ATOMIC_SEQ_CST));
    free_.push_back(ref);
    counts_.active--;
    return true;
}

Result<Grant> Grant::allow(DomId peer, Mfn frame, Access access) {
    return Grant{TRY(grant_table().allow(peer, frame, access))};
}

Grant::Grant(Grant&& other) noexcept : ref_{std::exchange(other.ref_, {})} {}

Grant& Grant::operator=(Grant&& other) noexcept {
    std::swap(ref_, other.ref_);
    return *this;
}

Grant::~Grant() {
    if (*this && !end())
        grant_table().abandon(ref_);
}

bool Grant::end() {
    if (!*this)
        return true;
    if (!grant_table().end(ref_))
        return false;
    ref_ = {};
    return true;
}

GrantCounts grant_counts() {
    return grant_table().counts();
}

}  // namespace rt
