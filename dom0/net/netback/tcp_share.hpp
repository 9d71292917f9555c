// SPDX-License-Identifier: MIT
// Whether a guest receives much TCP. A card fills a page with each segment, and
// the guest pays for each; brought in by us, some forty are one large frame.
// What is not TCP is better left to the card.
#pragma once

#include "kernel/base/types.hpp"

namespace netback {

class TcpShare {
  public:
    // Frames on which a verdict is based: of too much TCP it costs more to learn
    // late, of too little to change to and fro.
    static constexpr u64 for_much = 256;
    static constexpr u64 for_little = 4096;

    // So many frames were received before, so many segments among them.
    TcpShare(u64 frames, u64 segments) : frames_{frames}, segments_{segments} {}

    // And now. True: the verdict has changed.
    bool look(u64 frames, u64 segments) {
        u64 const all = frames - frames_;
        if (all < (much_ ? for_little : for_much))
            return false;
        u64 const tcp = segments - segments_;
        frames_ = frames;
        segments_ = segments;
        bool const was_much = much_;
        much_ = was_much ? tcp >= all / 8 : tcp >= all / 4;
        return much_ != was_much;
    }

    [[nodiscard]] bool much() const { return much_; }

  private:
    u64 frames_;
    u64 segments_;
    bool much_ = false;
};

}  // namespace netback
