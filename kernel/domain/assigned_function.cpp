// SPDX-License-Identifier: MIT
// PCI Local Bus 3.0, 6.2.5.1.
#include "kernel/domain/assigned_function.hpp"

namespace {

constexpr u32 is_io = 1, type_bits = 6, type_64bit = 4;
constexpr u32 memory_flags = 0xf, io_flags = 0x3;

constexpr bool is_wide(u32 bar) {
    return (bar & is_io) == 0 && (bar & type_bits) == type_64bit;
}

// Bits of word n that are no address.
u32 flags_of(std::array<u32, machine::bar_count> const& words, usize n) {
    bool upper_half = false;
    for (usize i = 0; i < n; ++i)
        upper_half = !upper_half && is_wide(words[i]);
    if (upper_half)
        return 0;
    return (words[n] & is_io) != 0 ? io_flags : memory_flags;
}

}  // namespace

void AssignedFunction::begin(machine::PciFunction where, machine::BarWords const& bars) {
    where_ = where;
    bars_ = bars;
    for (usize n = 0; n < shown_.size(); ++n)
        shown_[n] = bars.value[n];
}

// Bits that sizing does not show to be writable stay as they are.
void AssignedFunction::write_bar(usize n, u32 value) {
    u32 const writable = bars_.sized[n] & ~flags_of(bars_.value, n);
    shown_[n].store((value & writable) | (bars_.value[n] & ~writable), std::memory_order_relaxed);
}

FixedVector<FrameRange, machine::bar_count> AssignedFunction::memory() const {
    FixedVector<FrameRange, machine::bar_count> ranges;
    for (usize n = 0; n < machine::bar_count; ++n) {
        u32 const low = bars_.value[n];
        if ((low & is_io) != 0 || bars_.sized[n] == 0)
            continue;
        bool const wide = is_wide(low) && n + 1 < machine::bar_count;
        u64 base = low & ~memory_flags;
        u64 mask = (bars_.sized[n] & ~memory_flags) | ~u64{0xffffffff};
        if (wide) {
            ++n;
            base |= u64{bars_.value[n]} << 32;
            mask &= u64{bars_.sized[n]} << 32 | 0xffffffff;
        }
        u64 const bytes = ~mask + 1;
        if (base != 0 && bytes >= page_size && base % bytes == 0)
            static_cast<void>(ranges.push({Mfn{base / page_size}, bytes / page_size}));
    }
    return ranges;
}
