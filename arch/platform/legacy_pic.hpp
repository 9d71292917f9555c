// SPDX-License-Identifier: MIT
// The two 8259A interrupt controllers of old PCs: moved out of the way of the
// exceptions, then silenced.
#pragma once

namespace arch {

void mask_legacy_pic();

}  // namespace arch
