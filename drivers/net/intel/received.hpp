// SPDX-License-Identifier: MIT
// What a driver believes of a descriptor that the chip wrote back.
#pragma once

#include "drivers/net/intel/descriptors.hpp"
#include "drivers/net/packet.hpp"

namespace nic::intel {

// A piece of a frame of which `before` bytes came already. Errors are told with
// the last piece; all before it fill their buffers.
inline bool acceptable(io::Bits<RxDone> done, u32 before, u32 longest_frame) {
    u64 const length = RxDone::LENGTH::in(done);
    bool const end = RxDone::EOP::in(done) != 0;
    bool const whole = end ? RxDone::RXE::in(done) == 0 : length == buffer_bytes;
    return whole && length != 0 && length <= buffer_bytes && before + length >= header_bytes &&
           before + length + (end ? 0 : 1) <= longest_frame;
}

// More than a buffer holds, or on to the next with room left in this one: no
// chip that works says so. None of it is acceptable.
inline bool is_nonsense(io::Bits<RxDone> done) {
    u64 const length = RxDone::LENGTH::in(done);
    return length > buffer_bytes || (RxDone::EOP::in(done) == 0 && length != buffer_bytes);
}

// Told with the last piece of a frame.
inline Checksum checksum_of(io::Bits<RxDone> done) {
    bool const verified = RxDone::L4I::in(done) != 0 && RxDone::L4E::in(done) == 0;
    return verified ? Checksum::valid : Checksum::unknown;
}

inline bool is_tcp(io::Bits<RxDone> done) {
    return RxDone::L4I::in(done) != 0 && RxDone::UDPCS::in(done) == 0;
}

}  // namespace nic::intel
