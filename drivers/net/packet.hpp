// SPDX-License-Identifier: MIT
// A frame on its way through the driver domain. It lies in one buffer that
// cards can reach, never crosses a page, and is passed on by reference: a
// broadcast is one buffer with many holders.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "kernel/base/types.hpp"

namespace nic {

inline constexpr u16 header_bytes = 14;  // Ethernet: addresses and type
inline constexpr u16 min_frame = 60;     // without the checksum, which cards add
inline constexpr u16 max_frame = 1518;   // 1500 of payload and one VLAN tag
inline constexpr u16 buffer_bytes = 2048;

// What is known of the transport checksum.
enum class Checksum : u8 {
    unknown,  // whatever the sender wrote
    valid,    // verified on the way
    blank,    // only the pseudo header is summed: to be completed
};

enum class Network : u8 { ipv4, ipv6 };
enum class Transport : u8 { tcp, udp };

// Where the headers are; filled in when the checksum is blank.
struct Layers {
    u8 link_bytes = 0;
    u8 network_bytes = 0;
    Network network = Network::ipv4;
    Transport transport = Transport::udp;

    friend bool operator==(Layers, Layers) = default;
    [[nodiscard]] u16 checksum_start() const { return static_cast<u16>(link_bytes + network_bytes); }
    // Of the checksum field inside the transport header.
    [[nodiscard]] u16 checksum_offset() const { return transport == Transport::tcp ? 16 : 6; }
};

class PacketPool;

struct Packet {
    std::byte* data = nullptr;
    Maddr at{};
    u16 length = 0;
    Checksum checksum = Checksum::unknown;
    Layers layers{};

    [[nodiscard]] std::span<std::byte> frame() const { return {data, length}; }

  private:
    friend class PacketPool;
    friend class PacketRef;
    u32 holders_ = 0;
    PacketPool* pool_ = nullptr;
    Packet* next_free_ = nullptr;
};

// Holds one packet; the last holder gives the buffer back.
class PacketRef {
  public:
    PacketRef() = default;
    PacketRef(PacketRef&& other) noexcept : packet_{std::exchange(other.packet_, nullptr)} {}
    PacketRef& operator=(PacketRef&& other) noexcept {
        std::swap(packet_, other.packet_);
        other.reset();
        return *this;
    }
    ~PacketRef() { reset(); }

    [[nodiscard]] PacketRef share() const {
        ++packet_->holders_;
        return PacketRef{packet_};
    }
    void reset() {
        if (packet_ != nullptr && --packet_->holders_ == 0)
            give_back();
        packet_ = nullptr;
    }

    // The buffer is given up for good: a device may still write into it.
    void leak() { packet_ = nullptr; }

    [[nodiscard]] explicit operator bool() const { return packet_ != nullptr; }
    [[nodiscard]] bool shared() const { return packet_->holders_ > 1; }
    Packet* operator->() const { return packet_; }
    Packet& operator*() const { return *packet_; }

  private:
    friend class PacketPool;
    explicit PacketRef(Packet* packet) : packet_{packet} {}
    void give_back();

    Packet* packet_ = nullptr;
};

}  // namespace nic
