// SPDX-License-Identifier: MIT
#include "arch/platform/hpet.hpp"

#include "arch/mm/paging.hpp"

namespace arch::hpet {
namespace {

constexpr u64 capabilities = 0x00, configuration = 0x10, counter = 0xf0;  // 2.3.1
constexpr u64 enable = 1;
constexpr u64 femtos_per_second = 1000000000000000, slowest_period = 100000000;
// Of a comparator: 2.3.8.
constexpr u64 interrupts_on = 1 << 2, periodic = 1 << 3, can_be_periodic = 1 << 4, sets_value = 1 << 6,
              counts_32_bits = 1 << 8;
constexpr unsigned input_shift = 9;
constexpr u64 input_mask = u64{0x1f} << input_shift;

constinit std::byte* registers = nullptr;
constinit u64 rate = 0;

u64 volatile& at(u64 offset) {
    return *reinterpret_cast<u64 volatile*>(registers + offset);
}
u64 volatile& config_of(u32 comparator) {
    return at(0x100 + 0x20 * u64{comparator});
}
u32 volatile& value_of(u32 comparator) {
    return *reinterpret_cast<u32 volatile*>(registers + 0x108 + 0x20 * u64{comparator});
}
u32 comparators() {
    return static_cast<u32>(at(capabilities) >> 8 & 0x1f) + 1;
}

}  // namespace

std::optional<u64> start(Maddr where) {
    auto const mapped = map_device(where, 0x400);
    if (!mapped)
        return {};
    registers = static_cast<std::byte*>(*mapped);
    u64 const period = at(capabilities) >> 32;
    if (period == 0 || period > slowest_period)
        return {};
    at(configuration) = at(configuration) | enable;
    rate = femtos_per_second / period;
    return rate;
}

u32 read() {
    return static_cast<u32>(at(counter));
}

std::optional<Periodic> find_periodic() {
    if (rate == 0)
        return {};
    for (u32 n = 0; n < comparators(); ++n)
        if ((config_of(n) & can_be_periodic) != 0)
            return Periodic{n, static_cast<u32>(config_of(n) >> 32)};
    return {};
}

void begin(Periodic const& p, u32 input, u32 interrupts_per_second) {
    u32 const period = static_cast<u32>(rate / interrupts_per_second);
    u64 const wired = config_of(p.comparator) & ~input_mask;
    config_of(p.comparator) =
        wired | u64{input} << input_shift | interrupts_on | periodic | sets_value | counts_32_bits;
    value_of(p.comparator) = read() + period;  // the first one
    value_of(p.comparator) = period;           // what is added each time (2.3.9.2.2)
}

void end(Periodic const& p) {
    config_of(p.comparator) = config_of(p.comparator) & ~interrupts_on;
}

}  // namespace arch::hpet
