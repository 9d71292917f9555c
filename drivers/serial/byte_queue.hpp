// SPDX-License-Identifier: MIT
// A bounded queue of bytes. Not locked: its owner is.
#pragma once

#include <array>

#include "kernel/base/types.hpp"

namespace serial {

template <u32 Size>
class ByteQueue {
    static_assert((Size & (Size - 1)) == 0, "indices wrap by masking");
    std::array<u8, Size> bytes_{};
    u32 head_ = 0;  // next to take; both run freely
    u32 tail_ = 0;  // next to fill

  public:
    [[nodiscard]] bool empty() const { return head_ == tail_; }
    [[nodiscard]] bool full() const { return tail_ - head_ == Size; }
    [[nodiscard]] u32 size() const { return tail_ - head_; }

    // Only when not full.
    void push(u8 b) { bytes_[tail_++ & (Size - 1)] = b; }
    // Only when not empty.
    u8 pop() { return bytes_[head_++ & (Size - 1)]; }
};

}  // namespace serial
