// SPDX-License-Identifier: MIT
// The driver domain's answers to drivers/io: memory, time, text.
#include <array>

#include "drivers/io/clock.hpp"
#include "drivers/io/dma.hpp"
#include "drivers/io/mmio.hpp"
#include "guest-pv/rt/memory/dma.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/time.hpp"

namespace io {

u32 load32(std::byte const* at) {
    return *reinterpret_cast<u32 const volatile*>(at);
}

void store32(std::byte* at, u32 value) {
    *reinterpret_cast<u32 volatile*>(at) = value;
}

Result<Mmio> map_registers(Maddr first, usize bytes) {
    auto mapping = std::make_shared<rt::FrameMapping>(TRY(rt::FrameMapping::map_device(first, bytes)));
    auto const registers = mapping->bytes().first(bytes);
    return Mmio{registers, std::move(mapping)};
}

Result<DmaMemory> DmaMemory::allocate(usize bytes) {
    auto memory = std::make_shared<rt::DmaMemory>(TRY(rt::DmaMemory::allocate(bytes)));
    auto const span = memory->bytes();
    Maddr const at = memory->maddr();
    return DmaMemory{span, at, std::move(memory)};
}

Nanos now() {
    return rt::now();
}

void pause_for(Nanos span) {
    rt::sleep_for(span);
}

}  // namespace io
