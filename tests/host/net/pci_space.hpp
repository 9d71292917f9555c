// SPDX-License-Identifier: MIT
// The configuration space that drivers under test find.
#pragma once

#include <map>

#include "drivers/io/interrupt.hpp"
#include "kernel/base/types.hpp"

namespace devices {

struct PciSpace {
    static PciSpace with_igb();
    static PciSpace with_emulated_igb();  // as QEMU's model says who it is
    static PciSpace with_e1000e();
    static PciSpace with_virtio_net();

    std::map<u8, u32> words;
    bool bus_master_sticks = false;                  // it cannot be taken away
    std::map<u16, io::InterruptHandler> interrupts;  // by MSI-X entry
};

PciSpace& pci_space();

}  // namespace devices
