// SPDX-License-Identifier: MIT
// Finding the structures, and the handshake.
#include "drivers/virtio/transport.hpp"

#include <algorithm>
#include <bit>

#include "drivers/io/clock.hpp"

namespace virtio {

namespace {

constexpr Nanos reset_limit = 100 * io::millisecond;
constexpr u64 largest_structure = 16 << 20;  // mapped: more is no device of ours

// Where a notification is written.
struct Doorbell : Reg<u16, 0> {};

template <class R>
void write_address(io::Mmio const& common, Maddr at) {
    common.write(io::Bits<R>{static_cast<u32>(at.raw())}, 0);
    common.write(io::Bits<R>{static_cast<u32>(at.raw() >> 32)}, 1);
}

struct Place {
    u8 capability;
    Maddr first;
    u64 bytes;
};

// Section 4.1.4: the first of several that can be used.
Result<Place> locate(pci::Function const& function, Structure wanted, usize least) {
    for (u8 const at : function.find_all(pci::Capability::vendor)) {
        auto const type = CapabilityHeader::Type::in(function.read<CapabilityHeader>(at));
        if (type != static_cast<u32>(wanted))
            continue;
        u64 const offset = function.read<CapabilityOffset>(at).raw;
        u64 const bytes = function.read<CapabilityLength>(at).raw;
        auto const bar = function.memory_bar(CapabilityBar::Bar::in(function.read<CapabilityBar>(at)));
        if (!bar || bytes < least || bytes > largest_structure || offset + bytes > bar->bytes ||
            offset % sizeof(u32) != 0)
            continue;
        return Place{at, bar->base + offset, bytes};
    }
    return Fail{Errno::nodev};
}

Result<io::Mmio> map(Place const& place) {
    usize const offset = offset_in_page(place.first);
    auto const pages = TRY(io::map_registers(place.first - offset, offset + place.bytes));
    return pages.part(offset, place.bytes);
}

}  // namespace

Result<Transport> Transport::find(pci::Function const& function) {
    auto const common = TRY(locate(function, Structure::common, common_bytes));
    auto const notify = TRY(locate(function, Structure::notify, sizeof(u16)));
    auto const device = TRY(locate(function, Structure::device, 1));
    u32 const multiplier = function.read<NotifyMultiplier>(notify.capability).raw;
    function.enable_memory();
    return Transport{TRY(map(common)), TRY(map(notify)), multiplier, TRY(map(device))};
}

Result<> Transport::reset() const {
    common_.write(io::Bits<DeviceStatus>{0});
    if (!io::wait_until([&] { return status().raw == 0; }, reset_limit))
        return Fail{Errno::timedout};
    return {};
}

u64 Transport::greet() const {
    add_status(DeviceStatus::ACKNOWLEDGE::of(1));
    add_status(DeviceStatus::DRIVER::of(1));
    u64 offered = 0;
    for (u32 half : {0U, 1U}) {
        common_.write(io::Bits<DeviceFeatureSelect>{half});
        offered |= u64{common_.read<DeviceFeature>().raw} << 32 * half;
    }
    return offered;
}

Result<> Transport::accept(u64 features) const {
    for (u32 half : {0U, 1U}) {
        common_.write(io::Bits<DriverFeatureSelect>{half});
        common_.write(io::Bits<DriverFeature>{static_cast<u32>(features >> 32 * half)});
    }
    add_status(DeviceStatus::FEATURES_OK::of(1));
    if (DeviceStatus::FEATURES_OK::in(status()) == 0)
        return Fail{Errno::opnotsupp};
    return {};
}

u16 Transport::queue_size(u16 queue) const {
    if (queue >= common_.read<NumQueues>().raw)
        return 0;
    common_.write(io::Bits<QueueSelect>{queue});
    u16 const size = common_.read<QueueSize>().raw;
    return std::has_single_bit(size) ? std::min(size, most_places) : u16{0};
}

Result<> Transport::enable_queue(u16 queue, SplitRing const& ring, u16 vector) {
    common_.write(io::Bits<QueueSelect>{queue});
    common_.write(io::Bits<QueueSize>{ring.size()});
    write_address<QueueDescriptors>(common_, ring.descriptors());
    write_address<QueueDriver>(common_, ring.available());
    write_address<QueueDevice>(common_, ring.used());
    common_.write(io::Bits<QueueVector>{vector});
    if (common_.read<QueueVector>().raw != vector)
        return Fail{Errno::nospc};
    u64 const offset = u64{common_.read<QueueNotifyOff>().raw} * multiplier_;
    if (offset + sizeof(u16) > notify_.size() || offset % sizeof(u16) != 0)
        return Fail{Errno::nodev};
    if (doorbells_.size() <= queue)
        doorbells_.resize(queue + 1U, notify_);
    doorbells_[queue] = notify_.part(offset, sizeof(u16));
    common_.write(io::Bits<QueueEnable>{1});
    return {};
}

Result<> Transport::set_config_vector(u16 vector) const {
    common_.write(io::Bits<ConfigVector>{vector});
    if (common_.read<ConfigVector>().raw != vector)
        return Fail{Errno::nospc};
    return {};
}

void Transport::notify(u16 queue) const {
    doorbells_[queue].write(io::Bits<Doorbell>{queue});
}

Result<io::Mmio> Transport::device_config(usize bytes) const {
    if (device_.size() < bytes)
        return Fail{Errno::nodev};
    return device_.part(0, bytes);
}

}  // namespace virtio
