// SPDX-License-Identifier: MIT
// The host's answers to drivers/io and drivers/pci: registers of a model,
// ordinary memory for DMA, a clock that moves when somebody waits.
#pragma once

#include <cstddef>

#include "drivers/io/interrupt.hpp"
#include "kernel/base/types.hpp"

namespace devices {

// Registers behind io::Mmio. At most one device exists at a time.
class RegisterModel {
  public:
    RegisterModel();
    virtual ~RegisterModel();
    RegisterModel(RegisterModel const&) = delete;
    RegisterModel& operator=(RegisterModel const&) = delete;

    virtual u32 load(u32 offset, usize bytes) = 0;
    virtual void store(u32 offset, u32 value, usize bytes) = 0;
};

// Memory that DmaMemory::allocate gave out, by the address a device knows;
// null outside of it.
std::byte* dma_bytes(Maddr at, usize count);

void advance_clock(Nanos span);

}  // namespace devices
