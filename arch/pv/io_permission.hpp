// SPDX-License-Identifier: MIT
// Which ports a guest may name without a fault. The virtual IOPL opens all of
// them; otherwise the guest's own bitmap decides, port by port, as that of a
// TSS does (Intel SDM volume 1, 19.5).
#pragma once

#include "arch/pv/vcpu_state.hpp"

namespace pv {

bool iopl_suffices(Vcpu const& v);
bool ports_allowed(Vcpu& v, u16 port, unsigned bytes);

}  // namespace pv
