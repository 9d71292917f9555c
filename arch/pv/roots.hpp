// SPDX-License-Identifier: MIT
// A vcpu's page-table roots. The new one is fully held before the old one is
// let go; failure keeps the old (PT-19).
#pragma once

#include "kernel/base/result.hpp"

struct Vcpu;

namespace arch {

// inval: not a frame that can be an L4 table of this domain. restart: validation
// was interrupted; the same call goes on with it. Loads CR3 when it is in use.
Result<> set_kernel_root(Vcpu& v, Mfn root);
// The same for guest-user mode; frame 0 means none.
Result<> set_user_root(Vcpu& v, Mfn root);

}  // namespace arch
