// SPDX-License-Identifier: MIT
// The receiving end of TLB shoot-downs; the asking end is kernel/machine/memory.hpp.
#pragma once

namespace arch {

// Flushes if another CPU waits for this one to do so. Called by the interrupt
// and while spinning.
void answer_flush();

}  // namespace arch
