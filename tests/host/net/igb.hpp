// SPDX-License-Identifier: MIT
// A model of the 82576 as far as its driver can tell: reset, link, one pair
// of rings in DMA memory. It can be told to lie, to hang and to vanish.
#pragma once

#include <cstring>
#include <map>
#include <span>
#include <vector>

#include "drivers/net/igb/descriptors.hpp"
#include "drivers/net/igb/regs.hpp"
#include "drivers/net/intel/chip.hpp"
#include "tests/host/net/devices.hpp"

namespace devices {

class Igb final : public RegisterModel {
  public:
    bool vanished = false;     // every read is all ones
    bool reset_hangs = false;  // CTRL.RST never clears
    bool sends = true;         // transmit descriptors are completed
    unsigned resets = 0;
    bool link = true;
    std::vector<std::vector<std::byte>> sent;
    std::vector<u64> commands;  // of what was sent: the first descriptor's
    std::vector<nic::igb::Descriptor> contexts;

    u32 load(u32 offset) override;
    void store(u32 offset, u32 value) override;

    // A frame from the wire, with what the chip says of it.
    bool receive(std::span<std::byte const> frame, u64 status);
    // The link changes, which is a cause for an interrupt.
    void set_link(bool up);
    // What the chip writes back for the next descriptor, without any frame.
    void write_back(u64 high);

    [[nodiscard]] u32 reg(u32 offset) { return regs_[offset]; }

  private:
    nic::igb::Descriptor* descriptor(u32 base_low, u32 base_high, u32 index);
    void transmit();

    std::map<u32, u32> regs_;
    bool packet_open_ = false;  // its last descriptor is still to come
};

}  // namespace devices
