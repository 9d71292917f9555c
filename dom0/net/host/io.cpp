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

template <class Word>
Word load(std::byte const* at) {
    return *reinterpret_cast<Word const volatile*>(at);
}

template <class Word>
void store(std::byte* at, Word value) {
    *reinterpret_cast<Word volatile*>(at) = value;
}

template u8 load<u8>(std::byte const*);
template u16 load<u16>(std::byte const*);
template u32 load<u32>(std::byte const*);
template void store<u8>(std::byte*, u8);
template void store<u16>(std::byte*, u16);
template void store<u32>(std::byte*, u32);

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
