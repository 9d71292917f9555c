// SPDX-License-Identifier: MIT
// What kernel/mm asks of whoever knows the contents of typed pages: arch/pv
// for real page tables, unit tests for toy ones. The seam is the linker.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm::type_ops {

// Checks entries [p.done, ...) of a frame that is to become `t` and takes what
// they refer to. restart: stopped at p.done, to be continued. Any other error:
// everything taken for this frame has been given back, p.done is 0.
Result<> validate(PageInfo& p, PageType t, PageOwner& owner);

// Gives back what entries [0, p.done) refer to, from the end. restart: stopped.
Result<> devalidate(PageInfo& p, PageType t);

}  // namespace mm::type_ops
