// SPDX-License-Identifier: MIT
// What one vcpu does to a thing while others use it: grant entries that change,
// channels that close, pages that become tables. Some are refused; none gets
// what no order of these steps would give.
#pragma once

#include "kernel/base/types.hpp"

namespace races {

void prepare();
// Each vcpu calls these with its number, all at the same time.
void change_grant_in_use(u32 me);
void close_channel_in_use(u32 me);
void write_to_table(u32 me);
// Answers and contents that no order explains.
u32 wrong();
void finish();

}  // namespace races
