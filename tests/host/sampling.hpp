// SPDX-License-Identifier: MIT
// What tests can see and say of the host's kernel/machine/sampling.
#pragma once

namespace host {

extern unsigned sampling_hz;  // 0: off
extern bool can_sample;

}  // namespace host
