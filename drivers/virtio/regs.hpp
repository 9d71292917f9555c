// SPDX-License-Identifier: MIT
// Registers of a virtio device behind PCI, as Virtual I/O Device (VIRTIO) 1.2,
// section 4.1.4, lays them out.
#pragma once

#include "drivers/io/reg.hpp"

namespace virtio {

using io::Field;
using io::Reg;

// --- 4.1.4: a capability of configuration space for each structure ------------

struct CapabilityHeader : Reg<u32, 0> {
    using Type = Field<CapabilityHeader, 31, 24>;
};
struct CapabilityBar : Reg<u32, 4> {
    using Bar = Field<CapabilityBar, 7, 0>;
};
struct CapabilityOffset : Reg<u32, 8> {};   // in the BAR
struct CapabilityLength : Reg<u32, 12> {};  // of the structure
struct NotifyMultiplier : Reg<u32, 16> {};  // of queue_notify_off

enum class Structure : u8 { common = 1, notify = 2, isr = 3, device = 4 };

// --- 4.1.4.3: common configuration --------------------------------------------

struct DeviceFeatureSelect : Reg<u32, 0x00> {};
struct DeviceFeature : Reg<u32, 0x04> {};
struct DriverFeatureSelect : Reg<u32, 0x08> {};
struct DriverFeature : Reg<u32, 0x0c> {};
struct ConfigVector : Reg<u16, 0x10> {};
struct NumQueues : Reg<u16, 0x12> {};

struct DeviceStatus : Reg<u8, 0x14> {  // 2.1
    using ACKNOWLEDGE = Field<DeviceStatus, 0>;
    using DRIVER = Field<DeviceStatus, 1>;
    using DRIVER_OK = Field<DeviceStatus, 2>;
    using FEATURES_OK = Field<DeviceStatus, 3>;
    using NEEDS_RESET = Field<DeviceStatus, 6>;
    using FAILED = Field<DeviceStatus, 7>;
};
inline constexpr io::Bits<DeviceStatus> gone{0xff};

// Of the queue that is selected.
struct QueueSelect : Reg<u16, 0x16> {};
struct QueueSize : Reg<u16, 0x18> {};
struct QueueVector : Reg<u16, 0x1a> {};
struct QueueEnable : Reg<u16, 0x1c> {};
struct QueueNotifyOff : Reg<u16, 0x1e> {};
struct QueueDescriptors : io::RegArray<u32, 0x20, 4, 2> {};  // low and high half
struct QueueDriver : io::RegArray<u32, 0x28, 4, 2> {};
struct QueueDevice : io::RegArray<u32, 0x30, 4, 2> {};

inline constexpr usize common_bytes = 0x38;
inline constexpr u16 no_vector = 0xffff;

// --- 6: features that are not a device type's own -------------------------------

inline constexpr u64 event_index = u64{1} << 29;
inline constexpr u64 version_1 = u64{1} << 32;

}  // namespace virtio
