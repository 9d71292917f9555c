// SPDX-License-Identifier: MIT
// Memory and time for drivers under test. A DMA address is not the host's
// address, so a driver that mixes them up is found out.
#include "tests/host/net/devices.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "drivers/io/clock.hpp"
#include "drivers/io/dma.hpp"
#include "drivers/io/mmio.hpp"

namespace {

devices::RegisterModel* present = nullptr;
std::vector<std::byte> window(0x2'0000);
Nanos clock_now = 1;
std::map<u64, std::weak_ptr<void>> alive;
std::map<u64, std::span<std::byte>> memory;
u64 next_address = 0x1'0000'0000;

}  // namespace

namespace devices {

RegisterModel::RegisterModel() {
    present = this;
}
RegisterModel::~RegisterModel() {
    present = nullptr;
}

std::byte* dma_bytes(Maddr at, usize count) {
    auto const above = memory.upper_bound(at.raw());
    if (above == memory.begin())
        return nullptr;
    auto const& [first, bytes] = *std::prev(above);
    u64 const offset = at.raw() - first;
    if (alive[first].expired() || offset + count > bytes.size())
        return nullptr;
    return bytes.data() + offset;
}

void advance_clock(Nanos span) {
    clock_now += span;
}

}  // namespace devices

namespace io {

template <class Word>
Word load(std::byte const* at) {
    return static_cast<Word>(present->load(static_cast<u32>(at - window.data()), sizeof(Word)));
}

template <class Word>
void store(std::byte* at, Word value) {
    present->store(static_cast<u32>(at - window.data()), value, sizeof(Word));
}

template u8 load<u8>(std::byte const*);
template u16 load<u16>(std::byte const*);
template u32 load<u32>(std::byte const*);
template void store<u8>(std::byte*, u8);
template void store<u16>(std::byte*, u16);
template void store<u32>(std::byte*, u32);

Result<Mmio> map_registers(Maddr first, usize bytes) {
    return Mmio{std::span{window}.subspan(first.raw() % window.size(), bytes), nullptr};
}

Result<DmaMemory> DmaMemory::allocate(usize bytes) {
    usize const rounded = round_up(bytes, page_size);
    std::shared_ptr<void> keep{::operator new (rounded, std::align_val_t{page_size}),
                               [](void* p) { ::operator delete (p, std::align_val_t{page_size}); }};
    std::span<std::byte> const span{static_cast<std::byte*>(keep.get()), rounded};
    std::ranges::fill(span, std::byte{0});
    Maddr const at{next_address};
    next_address += rounded + page_size;
    alive[at.raw()] = keep;
    memory[at.raw()] = span;
    return DmaMemory{span, at, keep};
}

Nanos now() {
    return clock_now;
}

void pause_for(Nanos span) {
    clock_now += span;
}

}  // namespace io
