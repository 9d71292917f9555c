// SPDX-License-Identifier: MIT
// Frames that have not been brought here whole: their head is ours, as it is
// checked and changed, and what follows may lie in pages that the sender has
// granted. Whoever gets such a frame asks for what he needs of it.
#pragma once

#include "drivers/net/packet.hpp"

namespace nic {

class Lender {
  public:
    // A device may read all of the frame until the last holder lets go of it.
    // False: it cannot be had any more, as the sender has taken a page back.
    virtual bool open_to_devices(Packet& frame) = 0;
    // Everything comes into buffers of ours, and the frame is nobody's guest
    // from now on. Nobody else is using the parts. False: as above.
    virtual bool bring(Packet& frame) = 0;
    // Its last holder has let go of the frame.
    virtual void returned(Packet& frame) = 0;

  protected:
    ~Lender() = default;
};

// To be true before a byte behind the head is looked at, and before a frame is
// kept for longer than a round of the switch: its sender waits for it.
inline bool at_hand(Packet& frame) {
    return frame.lender == nullptr || frame.lender->bring(frame);
}

inline bool open_to_devices(Packet& frame) {
    return frame.lender == nullptr || frame.lender->open_to_devices(frame);
}

}  // namespace nic
