// SPDX-License-Identifier: MIT
// A model of the 82574 as far as its driver can tell: reset, link, a pair of
// rings in DMA memory, causes and their masks. It can be told to lie, to hang
// and to vanish.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "drivers/net/e1000e/descriptors.hpp"
#include "drivers/net/e1000e/regs.hpp"
#include "drivers/net/intel/chip.hpp"
#include "tests/host/net/devices.hpp"

namespace devices {

class E1000e final : public RegisterModel {
  public:
    bool vanished = false;     // every read is all ones
    bool reset_hangs = false;  // CTRL.RST never clears
    bool sends = true;         // transmit descriptors are completed
    bool link = true;
    unsigned negotiations = 0;  // of it
    std::vector<std::vector<std::byte>> sent;
    std::vector<u64> commands;  // of what was sent: the first descriptor's
    std::vector<nic::intel::Descriptor> contexts;

    u32 load(u32 offset, usize bytes) override;
    void store(u32 offset, u32 value, usize bytes) override;

    // A frame from the wire, in as many buffers as it needs, with what the chip
    // says of it. False: dropped for want of descriptors.
    bool receive(std::span<std::byte const> frame, u64 says = 0);
    // What the chip writes back for the next descriptor, without any frame.
    void write_back(u64 high);
    // What it was given is sent now.
    void transmit();
    void set_link(bool up);
    // A vector with an unmasked cause sends its message, which masks it.
    [[nodiscard]] bool interrupts(u32 cause);

  private:
    nic::intel::Descriptor* descriptor(u32 base, u32 index);
    [[nodiscard]] u32 posted();

    std::map<u32, u32> regs_;
    u32 mask_ = 0;
    bool packet_open_ = false;  // its last descriptor is still to come
};

}  // namespace devices
