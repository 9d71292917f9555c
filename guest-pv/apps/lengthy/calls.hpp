// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/base/types.hpp"

namespace lengthy {

// Each is true when the hypervisor did all of it.
bool update_entries();  // one mapping after the other, in one batch
bool pin_tables();      // a root with full tables below it
bool give_and_take();   // frames given back, and taken again
bool exchange();        // of single frames for consecutive ones
bool set_tables();      // of descriptors, traps and ports
bool copy_pages();
bool map_grants();   // and unmap them
bool many_in_one();  // calls that are each just short of a look
bool write_text();
bool reset_channels();  // all that a guest may have

}  // namespace lengthy
