// SPDX-License-Identifier: MIT
// PCI addresses as xl writes them: [SEGMENT:]BUS:DEVICE.FUNCTION, hexadecimal.
#pragma once

#include <string>
#include <string_view>

#include "dom0/toolstack/outcome.hpp"
#include "drivers/pci/address.hpp"

namespace toolstack {

// Of segment 0.
Outcome<pci::Address> parse_pci_address(std::string_view text);
std::string to_string(pci::Address at);

}  // namespace toolstack
