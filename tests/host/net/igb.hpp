// SPDX-License-Identifier: MIT
// A model of the 82576 as far as its driver can tell: reset, link, pairs of
// rings in DMA memory, and which frame goes to which of them. It can be told to
// lie, to hang and to vanish.
#pragma once
#include <cstring>
#include <functional>
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
    bool never_stops = false;  // a queue shows itself enabled whatever is written
    bool prunes = true;        // a sender does not get its own broadcasts; QEMU's model does not care
    unsigned resets = 0;
    unsigned negotiations = 0;             // of the link
    std::function<void()> between_stores;  // what happens between two writes of the driver
    bool link = true;
    std::vector<std::vector<std::byte>> sent;
    std::vector<u64> commands;  // of what was sent: the first descriptor's
    std::vector<nic::igb::Descriptor> contexts;

    u32 load(u32 offset, usize bytes) override;
    void store(u32 offset, u32 value, usize bytes) override;

    // A frame from the wire, to whomever the registers say.
    void wire(std::span<std::byte const> frame) { deliver(frame, nobody); }
    // A frame in a queue, with what the chip says of it.
    bool receive(std::span<std::byte const> frame, u64 status, u32 queue = 0);
    // The link changes, which is a cause for an interrupt.
    void set_link(bool up);
    // What the chip writes back for the next descriptor, without any frame.
    void write_back(u64 high, u32 queue = 0);

    [[nodiscard]] u32 reg(u32 offset) { return regs_[offset]; }

  private:
    static constexpr u32 nobody = ~u32{0};

    nic::igb::Descriptor* descriptor(u32 base_low, u32 base_high, u32 index);
    void reset(u32 control);
    void transmit(u32 queue);
    void put(nic::igb::Descriptor const& data);
    void send(std::vector<std::byte> frame, u32 pool);
    // To pools by the frame's destination; false when it is no pool's own.
    bool deliver(std::span<std::byte const> frame, u32 from);
    [[nodiscard]] u32 pools_of(std::span<std::byte const> frame);
    [[nodiscard]] u32 members(std::span<std::byte const> frame);
    // To a queue, without its tag if it is to lose that.
    bool write(std::span<std::byte const> frame, bool strips, u32 queue);
    // Which queue of the pool, as a distance from its first.
    [[nodiscard]] u32 spread(std::span<std::byte const> frame, u32 pool);

    std::map<u32, u32> regs_;
    std::vector<std::byte> packet_;  // of which the last descriptor is still to come
    bool packet_open_ = false;
};

}  // namespace devices
