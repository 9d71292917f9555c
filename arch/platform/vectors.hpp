// SPDX-License-Identifier: MIT
// Which device vector belongs to which pirq. Written under the lock of the pirq
// table, read by interrupt handlers without it.
#pragma once

#include <array>
#include <atomic>

#include "arch/platform/irq.hpp"
#include "kernel/machine/irq.hpp"

namespace arch {

class VectorTable {
    static constexpr u16 nobody = 0;  // else the pirq and 1, so that no start-up code is needed
    static constexpr usize count = vector::end_device - vector::first_device;
    std::array<std::atomic<u16>, count> owner_{};

    static usize index(u8 v) { return v - usize{vector::first_device}; }

  public:
    // nospc: all are in use.
    Result<u8> claim(machine::Pirq p) {
        for (usize i = 0; i < count; ++i) {
            u8 const v = static_cast<u8>(vector::first_device + i);
            if (v == vector::system_call_gate || owner_[i].load(std::memory_order_relaxed) != nobody)
                continue;
            owner_[i].store(static_cast<u16>(p.raw() + 1), std::memory_order_release);
            return v;
        }
        return Fail{Errno::nospc};
    }
    void release(u8 v) { owner_[index(v)].store(nobody, std::memory_order_release); }

    // False when nobody has it.
    [[nodiscard]] bool lookup(u8 v, machine::Pirq& p) const {
        if (v < vector::first_device || v >= vector::end_device)
            return false;
        u16 const o = owner_[index(v)].load(std::memory_order_acquire);
        if (o == nobody)
            return false;
        p = machine::Pirq{o - 1u};
        return true;
    }
};

}  // namespace arch
