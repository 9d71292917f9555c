// SPDX-License-Identifier: MIT
// What kernel/mm asks of whoever knows the contents of typed pages: arch/pv
// for real page tables, unit tests for toy ones. The seam is the linker.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm::type_ops {

// Checks entries [p.done, ...) of a frame that is to become `t` and takes what
// they refer to, counting p.done up. Where p.done stands a frame of the next
// lower type may be partial: taking it goes on with it.
// restart: stopped at p.done. Any other error: the entry p.done is not valid;
// the caller gives back [0, p.done).
Result<> validate(PageInfo& p, PageType t, PageOwner& owner);

// Gives back what entries [0, p.done) refer to, from the end, counting p.done
// down; first of all closes a partial frame that entry p.done refers to.
// restart: stopped at p.done.
Result<> devalidate(PageInfo& p, PageType t);

// Calls f for each reference that entries [0, end) of a table of type `t` hold;
// `none`: a general reference alone. For the audit.
using Visit = void (*)(PageInfo& held, PageType held_as, void* context);
void visit_references(PageInfo const& p, PageType t, unsigned end, Visit f, void* context);

}  // namespace mm::type_ops
