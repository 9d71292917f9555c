// SPDX-License-Identifier: MIT
// Using what another domain grants: the pin in its table and the reference to
// its frame always come and go together.
#pragma once

#include "kernel/domain/domain.hpp"
#include "kernel/mm/frame_hold.hpp"

namespace grant {

// A frame in use: one that another domain grants, or the user's own. Dropping it
// ends the use.
class Held {
    // None: not granted. Whoever acquires it sees to it that it lives as long.
    Domain* granter_ = nullptr;
    GrantRef ref_{};
    Use use_{};
    mm::FrameHold hold_;

    void end();

  public:
    Held() = default;
    Held(Held const&) = delete;
    Held& operator=(Held const&) = delete;
    ~Held() { reset(); }

    // Begin a use; what was held before must have been dropped. GNTST_okay, or
    // why not; then nothing is held.
    [[nodiscard]] s16 acquire(Domain& granter, GrantRef ref, DomId user, Use use);
    [[nodiscard]] s16 acquire_own(Mfn frame, PageOwner& user, bool write);
    // A MapRecord counts this use from now on: end_use().
    void keep() { hold_.release(); }

    void reset() {
        if (hold_)
            end();
    }
    [[nodiscard]] Mfn frame() const { return hold_.frame(); }
};

// Ends a use that a MapRecord counts. `hold` is the frame's reference, or empty
// if that is somebody else's, such as a page-table entry's. It goes first: once
// unpinned the granter may think of the frame as its own.
inline void end_use(Domain& granter, GrantRef ref, Use use, mm::FrameHold hold) {
    hold.reset();
    granter.grants.lock()->unpin(ref, use);
}

// The frame of a use that a MapRecord counts. It was written before the record
// and stays the same until the last use ends, so no lock is needed to read it.
inline Mfn frame_in_use(MapRecord const& r) {
    return r.granter->grants.unlocked().pinned_frame(r.ref);
}

// Ends the uses that a record counts, and its reference to the granter. The host's
// mapping is gone, or its entry keeps the frame's reference.
void end_uses(MapRecord const& r);

// As mapper: ends every mapping of a domain that never runs again. Entries in
// its page tables keep their own references until the tables go; the granters
// are free of it at once. restart until done (GT-14).
Result<> release_all(Domain& d);

}  // namespace grant
