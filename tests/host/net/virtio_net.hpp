// SPDX-License-Identifier: MIT
// A model of a virtio network device as far as its driver can tell: features,
// configuration, split rings in DMA memory, commands. It can be told to lie, to
// hang and to vanish.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "drivers/net/virtio/layout.hpp"
#include "drivers/virtio/split_ring.hpp"
#include "tests/host/net/devices.hpp"

namespace devices {

class VirtioNet final : public RegisterModel {
  public:
    using Header = nic::virtio_net::Header;

    // Where the structures are, for configuration space.
    static constexpr u32 notify_at = 0x1000;
    static constexpr u32 notify_multiplier = 4;
    static constexpr u32 config_at = 0x2000;

    u64 offers = all_features();  // but several queues
    bool vanished = false;        // every read is all ones
    bool reset_hangs = false;     // the status never becomes zero
    bool refuses = false;         // any choice of features
    bool answers = true;          // commands
    bool sends = true;            // what is made available for sending comes back
    bool link = true;
    u16 pairs = 1;
    u16 mtu = 1500;
    u16 largest_queue = 256;
    u8 needs_reset = 0;   // in the status
    u32 exaggerates = 0;  // so many bytes more than it wrote
    std::vector<std::vector<std::byte>> sent;
    std::vector<Header> headers;  // of what was sent
    std::vector<u16> commands;
    std::vector<u16> interrupts;  // vectors, in order

    static u64 all_features();

    u32 load(u32 offset, usize bytes) override;
    void store(u32 offset, u32 value, usize bytes) override;

    // A frame from the wire, in as many buffers as it needs; the number of them
    // is filled in unless the header has one. False: no buffers.
    bool receive(std::span<std::byte const> frame, Header header = {}, u16 queue = 0);
    // What was made available is sent now.
    void transmit(u16 queue = 1);
    void set_link(bool up);

    // Returns a chain that it was never given, or was, with any length.
    void give_back(u16 queue, u32 id, u32 bytes);
    [[nodiscard]] u64 accepted() const { return accepted_; }
    [[nodiscard]] bool enabled(u16 queue) const {
        return queues_.contains(queue) && queues_.at(queue).enabled;
    }

  private:
    struct Queue {
        u16 size = 0;
        u16 vector = 0xffff;
        bool enabled = false;
        std::map<u32, u32> addresses;  // by the register
        u16 taken = 0;                 // of the available ring
        u16 returned = 0;
    };

    template <class T>
    T& at(u64 address);
    [[nodiscard]] u64 address(Queue const& queue, u32 reg) const;
    [[nodiscard]] u16 available(Queue& queue);
    [[nodiscard]] u16 take(Queue& queue);
    [[nodiscard]] virtio::Descriptor descriptor(Queue const& queue, u16 index);
    [[nodiscard]] std::vector<std::byte> gather(Queue const& queue, u16 head);
    [[nodiscard]] u32 config(u32 offset, usize bytes) const;
    void interrupt(Queue& queue, u16 before);
    void command(Queue& queue);
    void notified(u16 queue);

    u8 status_ = 0;
    u64 accepted_ = 0;
    u32 offered_half_ = 0;
    u32 accepted_half_ = 0;
    u16 selected_ = 0;
    u16 config_vector_ = 0;
    std::map<u16, Queue> queues_;
};

}  // namespace devices
