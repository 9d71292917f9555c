// SPDX-License-Identifier: MIT
// The host's answer to kernel/machine/mapping.hpp: the caller's page-table
// entries are a list of address and frame.
#pragma once

#include <map>

#include "kernel/machine/mapping.hpp"

namespace host {

// By address; entries for granted frames own the reference they came with.
std::map<u64, machine::GrantMapping>& grant_mappings();
// What frame_behind() finds, by page address.
std::map<u64, Mfn>& mapped_frames();

}  // namespace host
