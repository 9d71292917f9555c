// SPDX-License-Identifier: MIT
// Frames that are set aside for what one domain makes the hypervisor hold (D8). They
// are promised by number, wherever they lie: who has no promise is refused when no
// more are free than are promised.
#pragma once

#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace mm {

class Budget {
    // Guarded by the frame allocator's lock.
    u64 size_ = 0, held_ = 0;

    // Of frames that are free.
    [[nodiscard]] u64 claim() const { return size_ > held_ ? size_ - held_ : 0; }

  public:
    Budget() = default;
    Budget(Budget const&) = delete;
    Budget& operator=(Budget const&) = delete;
    ~Budget() { end(); }

    // So many frames in all from now on. nomem, and nothing has changed: fewer are
    // free that nobody was promised. One below what is held takes nothing back.
    Result<> resize(u64 frames);
    // Nothing more will be taken. What is held stays with whoever holds it, who may
    // also free it by free_frames().
    void end();

    // As alloc_frames(), of one frame. nomem: all are held already, and never before.
    Result<Mfn> take();
    // As free_frames(): it may be taken again.
    void give_back(Mfn m);

    // What may still be taken.
    [[nodiscard]] u64 promised() const;
};

}  // namespace mm
