// SPDX-License-Identifier: MIT
// A PCI function in the hands of a domain that is not the hardware domain. It
// may use the function's registers, but not move its memory elsewhere: its
// base-address registers are shown, and answer to sizing, without the machine's
// being touched (IO-5).
#pragma once

#include <atomic>

#include "kernel/base/fixed_vector.hpp"
#include "kernel/machine/pci.hpp"
#include "kernel/mm/frame_range.hpp"

class AssignedFunction {
    machine::PciFunction where_;
    machine::BarWords bars_;
    // What the domain has written; several of its vcpus may, and it only
    // confuses itself.
    std::array<std::atomic<u32>, machine::bar_count> shown_{};

  public:
    void begin(machine::PciFunction where, machine::BarWords const& bars);

    [[nodiscard]] machine::PciFunction where() const { return where_; }
    // Word n of its base-address registers, n < bar_count.
    [[nodiscard]] u32 read_bar(usize n) const { return shown_[n].load(std::memory_order_relaxed); }
    void write_bar(usize n, u32 value);
    // What the machine's own holds, or held before the function was reset.
    [[nodiscard]] u32 real_bar(usize n) const { return bars_.value[n]; }

    // Whole pages of memory behind its registers. A smaller range shares its
    // page with others' and is left out.
    [[nodiscard]] FixedVector<FrameRange, machine::bar_count> memory() const;
};
