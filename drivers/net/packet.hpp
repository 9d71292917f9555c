// SPDX-License-Identifier: MIT
// A frame on its way through the driver domain. It lies in buffers that cards
// can reach, each a page, and is passed on by reference: a broadcast is one
// frame with many holders. Most frames fit one buffer; a longer one is a chain:
//
//     head (all that is known of the frame) -> buffer -> buffer
//
// A large frame may stand for many: TCP's payload is then to be cut into
// segments before it gets to a wire (TSO, GSO).
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "kernel/base/types.hpp"

namespace nic {

inline constexpr u16 header_bytes = 14;  // Ethernet: addresses and type
inline constexpr u16 min_frame = 60;     // without the checksum, which cards add
inline constexpr u16 max_tags = 4;       // bytes of a VLAN tag
inline constexpr u32 largest_frame = 65535;
inline constexpr u16 buffer_bytes = page_size;
inline constexpr u32 full_buffers = (largest_frame + buffer_bytes - 1) / buffer_bytes;
inline constexpr u32 most_buffers = full_buffers + 3;  // parts that a sender has lent need not fill theirs

// What a frame may measure where the payload may be `mtu` bytes.
constexpr u32 frame_bytes(u32 mtu) {
    return mtu + header_bytes + max_tags;
}

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
    u8 transport_bytes = 0;
    Network network = Network::ipv4;
    Transport transport = Transport::udp;

    friend bool operator==(Layers, Layers) = default;
    [[nodiscard]] u16 checksum_start() const { return static_cast<u16>(link_bytes + network_bytes); }
    [[nodiscard]] u16 header_bytes() const { return static_cast<u16>(checksum_start() + transport_bytes); }
    // Of the checksum field inside the transport header.
    [[nodiscard]] u16 checksum_offset() const { return transport == Transport::tcp ? 16 : 6; }
};

// Where a buffer's bytes are that have stayed with their sender.
struct Lent {
    DomId domain{};
    GrantRef page{};
    u16 offset = 0;
};

class Lender;
class PacketPool;
class PacketRef;

struct Packet {
    std::byte* data = nullptr;
    Maddr at{};
    u16 length = 0;  // of this buffer
    Checksum checksum = Checksum::unknown;
    Layers layers{};
    u8 sender = 0;          // by whatever number its users know him
    u16 segment_bytes = 0;  // to be cut to: the most payload of one frame; zero: it is one frame
    // Of a head: who has some of the buffers behind it (lender.hpp); null: nobody.
    Lender* lender = nullptr;
    u16 loan = 0;  // by whatever number the lender knows the frame
    // Of a buffer that he has. `data` is there only if he lets processors see it,
    // and may change under their eyes; `at` for devices only when he has opened it.
    std::optional<Lent> lent{};

    // Bytes of this buffer before what is in it, and behind.
    [[nodiscard]] u16 headroom() const { return static_cast<u16>(at.raw() % buffer_bytes); }
    [[nodiscard]] u16 room() const { return static_cast<u16>(buffer_bytes - headroom() - length); }
    // Nothing is in it yet; what comes begins there.
    void begin_at(u16 headroom) {
        move_front(headroom - this->headroom());
        length = 0;
    }
    // The frame begins so much later, or earlier.
    void trim_front(u16 bytes) { move_front(bytes); }
    void extend_front(u16 bytes) { move_front(-s32{bytes}); }

    // The first buffer: all of most frames, and the headers of any.
    [[nodiscard]] std::span<std::byte> head() const { return {data, length}; }

    [[nodiscard]] bool is_large() const { return segment_bytes != 0; }
    [[nodiscard]] u32 total() const { return length + behind_; }
    [[nodiscard]] u32 buffers() const { return buffers_; }
    [[nodiscard]] Packet const* next() const { return next_; }
    [[nodiscard]] Packet* next() { return next_; }
    [[nodiscard]] Packet& last() { return last_ == nullptr ? *this : *last_; }

    // Behind all others.
    void append(PacketRef buffer);
    // Counts bytes that are in the last buffer now.
    void grow(u16 bytes) {
        last().length = static_cast<u16>(last().length + bytes);
        behind_ += last_ == nullptr ? 0U : bytes;
    }
    // At least what a wire carries, with zeros rather than what the buffer held.
    void pad() {
        if (length >= min_frame)
            return;
        std::fill_n(data + length, min_frame - length, std::byte{0});
        length = min_frame;
    }

  private:
    friend class PacketPool;
    friend class PacketRef;
    void move_front(s32 bytes) {
        data += bytes;
        at += static_cast<u64>(s64{bytes});
        length = static_cast<u16>(length - bytes);
    }

    u32 holders_ = 0;
    PacketPool* pool_ = nullptr;
    Packet* next_ = nullptr;  // in the frame, or in the list of free ones
    // Of a head only.
    Packet* last_ = nullptr;  // none when it is alone
    u32 behind_ = 0;          // bytes in all other buffers
    u32 buffers_ = 1;
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

    void swap(PacketRef& other) { std::swap(packet_, other.packet_); }

    // The buffer is given up for good: a device may still write into it.
    void leak() { packet_ = nullptr; }

    [[nodiscard]] explicit operator bool() const { return packet_ != nullptr; }
    [[nodiscard]] bool shared() const { return packet_->holders_ > 1; }
    Packet* operator->() const { return packet_; }
    Packet& operator*() const { return *packet_; }

  private:
    friend class PacketPool;
    friend struct Packet;
    explicit PacketRef(Packet* packet) : packet_{packet} {}
    void give_back();

    Packet* packet_ = nullptr;
};

inline void Packet::append(PacketRef buffer) {
    Packet* const added = std::exchange(buffer.packet_, nullptr);
    last().next_ = added;
    last_ = added;
    behind_ += added->length;
    ++buffers_;
}

}  // namespace nic
