// SPDX-License-Identifier: MIT
// What a virtio network device adds to a virtio device: features, configuration
// and the header before each frame (VIRTIO 1.2, section 5.1).
#pragma once

#include "drivers/io/reg.hpp"

namespace nic::virtio_net {

// --- 5.1.3 Feature bits ----------------------------------------------------

inline constexpr u64 feature_csum = u64{1} << 0;        // the device completes blank checksums
inline constexpr u64 feature_guest_csum = u64{1} << 1;  // the driver takes blank checksums
inline constexpr u64 feature_mtu = u64{1} << 3;
inline constexpr u64 feature_mac = u64{1} << 5;
inline constexpr u64 feature_guest_tso4 = u64{1} << 7;  // the driver takes large frames
inline constexpr u64 feature_guest_tso6 = u64{1} << 8;
inline constexpr u64 feature_host_tso4 = u64{1} << 11;  // the device cuts large frames
inline constexpr u64 feature_host_tso6 = u64{1} << 12;
inline constexpr u64 feature_host_ecn = u64{1} << 13;   // also those that carry CWR
inline constexpr u64 feature_mrg_rxbuf = u64{1} << 15;  // a frame may fill several buffers
inline constexpr u64 feature_status = u64{1} << 16;
inline constexpr u64 feature_ctrl_vq = u64{1} << 17;
inline constexpr u64 feature_ctrl_rx = u64{1} << 18;
inline constexpr u64 feature_mq = u64{1} << 22;

// --- 5.1.4 Device configuration ---------------------------------------------

struct MacOctet : io::RegArray<u8, 0, 1, 6> {};
struct LinkStatus : io::Reg<u16, 6> {
    using UP = io::Field<LinkStatus, 0>;
};
struct MaxPairs : io::Reg<u16, 8> {};
struct Mtu : io::Reg<u16, 10> {};
// As much of it as the device has when it offers these features.
inline constexpr usize config_bytes_of_mac = 6;
inline constexpr usize config_bytes_of_status = 8;
inline constexpr usize config_bytes_of_pairs = 10;
inline constexpr usize config_bytes_of_mtu = 12;

// --- 5.1.6 Before each frame --------------------------------------------------

struct Header {
    u8 flags = 0;
    u8 kind = 0;
    u16 header_bytes = 0;
    u16 segment_bytes = 0;
    u16 checksum_start = 0;
    u16 checksum_offset = 0;  // behind the start
    u16 buffers = 0;
};
static_assert(sizeof(Header) == 12);

inline constexpr u8 needs_checksum = 1;
inline constexpr u8 data_valid = 2;

inline constexpr u8 kind_one = 0;
inline constexpr u8 kind_tcp4 = 1;
inline constexpr u8 kind_tcp6 = 4;
inline constexpr u8 kind_ecn = 0x80;  // with one of those: CWR is set

// --- 5.1.6.5 Commands -----------------------------------------------------------

// The class in the low byte, which comes first.
enum class Command : u16 { promiscuous = 0x0000, all_multicast = 0x0100, set_pairs = 0x0004 };
inline constexpr u8 command_done = 0;

}  // namespace nic::virtio_net
