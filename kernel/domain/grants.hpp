// SPDX-License-Identifier: MIT
// Using what another domain grants: the pin in its table and the reference to
// its frame always come and go together.
#pragma once

#include "kernel/domain/domain.hpp"
#include "kernel/mm/frame_hold.hpp"

namespace grant {

// A grant in use. Dropping it ends the use.
class Held {
    DomainRef granter_;
    GrantRef ref_{};
    Use use_{};
    Mfn frame_{};
    mm::FrameHold hold_;

  public:
    Held() = default;
    Held(Held&& o) noexcept = default;
    Held& operator=(Held&& o) noexcept {
        reset();
        granter_ = std::move(o.granter_);
        ref_ = o.ref_;
        use_ = o.use_;
        frame_ = o.frame_;
        hold_ = std::move(o.hold_);
        return *this;
    }
    ~Held() { reset(); }

    // Begins a use; what was held before must have been dropped. GNTST_okay, or
    // why not; then nothing is held.
    [[nodiscard]] s16 acquire(Domain& granter, GrantRef ref, DomId user, Use use);
    // A MapRecord counts this use from now on: end_use().
    void keep();
    // A page-table entry owns the frame's reference from now on.
    void give_frame_away() { hold_.release(); }

    void reset();
    [[nodiscard]] Mfn frame() const { return frame_; }
    explicit operator bool() const { return static_cast<bool>(granter_); }
};

// Ends a use that a MapRecord counts. `hold` is the frame's reference, or empty
// if that is somebody else's, such as a page-table entry's.
void end_use(Domain& granter, GrantRef ref, Use use, mm::FrameHold hold);

// As mapper: ends every mapping of a domain that never runs again. Entries in
// its page tables keep their own references until the tables go; the granters
// are free of it at once. restart until done (GT-14).
Result<> release_all(Domain& d);

}  // namespace grant
