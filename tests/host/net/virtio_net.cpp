// SPDX-License-Identifier: MIT
// The model's behaviour.
#include "tests/host/net/virtio_net.hpp"

#include <algorithm>
#include <cstring>

#include "drivers/virtio/regs.hpp"

namespace devices {

using namespace nic::virtio_net;
using namespace virtio;

namespace {

constexpr usize buffer = 4096;
constexpr u16 most_queues = 9;

}  // namespace

u64 VirtioNet::all_features() {
    return version_1 | event_index | feature_csum | feature_guest_csum | feature_mtu | feature_mac |
           feature_guest_tso4 | feature_guest_tso6 | feature_host_tso4 | feature_host_tso6 |
           feature_host_ecn | feature_mrg_rxbuf | feature_status | feature_ctrl_vq | feature_ctrl_rx;
}

template <class T>
T& VirtioNet::at(u64 address) {
    return *reinterpret_cast<T*>(dma_bytes(Maddr{address}, sizeof(T)));
}

u64 VirtioNet::address(Queue const& queue, u32 reg) const {
    return u64{queue.addresses.at(reg + 4)} << 32 | queue.addresses.at(reg);
}

u32 VirtioNet::config(u32 offset, usize bytes) const {
    struct {
        u8 mac[6]{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
        u16 status;
        u16 pairs;
        u16 mtu;
    } const fields{.status = static_cast<u16>(link ? 1 : 0), .pairs = pairs, .mtu = mtu};
    u32 value = 0;
    std::memcpy(&value, reinterpret_cast<std::byte const*>(&fields) + offset, bytes);
    return value;
}

u32 VirtioNet::load(u32 offset, usize bytes) {
    if (vanished)
        return ~u32{0};
    if (offset >= config_at)
        return config(offset - config_at, bytes);
    Queue const& queue = queues_[selected_];
    switch (offset) {
        case DeviceFeature::offset:
            return static_cast<u32>(offers >> 32 * offered_half_);
        case NumQueues::offset:
            return most_queues;
        case ConfigVector::offset:
            return config_vector_;
        case DeviceStatus::offset:
            return reset_hangs ? u32{DeviceStatus::FAILED::of(1).raw} : u32{status_} | needs_reset;
        case QueueSize::offset:
            return queue.size == 0 ? largest_queue : queue.size;
        case QueueVector::offset:
            return queue.vector;
        case QueueNotifyOff::offset:
            return selected_;
        default:
            return 0;
    }
}

void VirtioNet::store(u32 offset, u32 value, usize) {
    if (vanished)
        return;
    if (offset >= notify_at)
        return notified(static_cast<u16>((offset - notify_at) / notify_multiplier));
    Queue& queue = queues_[selected_];
    switch (offset) {
        case DeviceFeatureSelect::offset:
            offered_half_ = value;
            return;
        case DriverFeatureSelect::offset:
            accepted_half_ = value;
            return;
        case DriverFeature::offset:
            accepted_ &= ~(u64{0xffff'ffff} << 32 * accepted_half_);
            accepted_ |= u64{value} << 32 * accepted_half_;
            return;
        case ConfigVector::offset:
            config_vector_ = static_cast<u16>(value);
            return;
        case DeviceStatus::offset:
            status_ = static_cast<u8>(value);
            if (refuses)
                status_ = static_cast<u8>(status_ & ~DeviceStatus::FEATURES_OK::mask());
            if (value != 0)
                return;
            needs_reset = 0;
            queues_.clear();
            return;
        case QueueSelect::offset:
            selected_ = static_cast<u16>(value);
            return;
        case QueueSize::offset:
            queue.size = static_cast<u16>(value);
            return;
        case QueueVector::offset:
            queue.vector = static_cast<u16>(value);
            return;
        case QueueEnable::offset:
            queue.enabled = true;
            return;
        default:
            queue.addresses[offset] = value;
    }
}

u16 VirtioNet::available(Queue& queue) {
    return static_cast<u16>(at<u16>(address(queue, QueueDriver::offset_of(0)) + 2) - queue.taken);
}

u16 VirtioNet::take(Queue& queue) {
    u64 const ring = address(queue, QueueDriver::offset_of(0));
    u16 const head = at<u16>(ring + 4 + 2U * (queue.taken % queue.size));
    ++queue.taken;
    // It wants to be told of the next.
    at<u16>(address(queue, QueueDevice::offset_of(0)) + 4 + sizeof(UsedElement) * queue.size) = queue.taken;
    return head;
}

virtio::Descriptor VirtioNet::descriptor(Queue const& queue, u16 index) {
    return at<virtio::Descriptor>(address(queue, QueueDescriptors::offset_of(0)) +
                                  index * sizeof(virtio::Descriptor));
}

std::vector<std::byte> VirtioNet::gather(Queue const& queue, u16 head) {
    std::vector<std::byte> all;
    for (auto d = descriptor(queue, head);; d = descriptor(queue, d.next)) {
        if ((d.flags & flag_write) == 0) {
            auto const* const bytes = dma_bytes(Maddr{d.at}, d.bytes);
            all.insert(all.end(), bytes, bytes + d.bytes);
        }
        if ((d.flags & flag_next) == 0)
            return all;
    }
}

void VirtioNet::give_back(u16 number, u32 id, u32 bytes) {
    if (!enabled(number))
        return;
    Queue& queue = queues_[number];
    u64 const ring = address(queue, QueueDevice::offset_of(0));
    at<UsedElement>(ring + 4 + sizeof(UsedElement) * (queue.returned % queue.size)) = {id, bytes};
    at<u16>(ring + 2) = ++queue.returned;
}

void VirtioNet::interrupt(Queue& queue, u16 before) {
    u64 const ring = address(queue, QueueDriver::offset_of(0));
    bool wanted = (at<u16>(ring) & no_interrupt) == 0;
    if ((accepted_ & event_index) != 0) {
        u16 const event = at<u16>(ring + 4 + 2U * queue.size);
        wanted = static_cast<u16>(queue.returned - event - 1) < static_cast<u16>(queue.returned - before);
    }
    if (wanted)
        interrupts.push_back(queue.vector);
}

bool VirtioNet::receive(std::span<std::byte const> frame, Header header, u16 number) {
    Queue& queue = queues_[number];
    std::vector<std::byte> bytes(sizeof(Header));
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    auto const count = static_cast<u16>((bytes.size() + buffer - 1) / buffer);
    if (!enabled(number) || available(queue) < count)
        return false;
    if (header.buffers == 0)
        header.buffers = count;
    std::memcpy(bytes.data(), &header, sizeof header);
    u16 const before = queue.returned;
    for (usize done = 0; done < bytes.size(); done += buffer) {
        u16 const head = take(queue);
        usize const part = std::min(buffer, bytes.size() - done);
        std::memcpy(dma_bytes(Maddr{descriptor(queue, head).at}, part), bytes.data() + done, part);
        give_back(number, head, static_cast<u32>(part) + exaggerates);
    }
    interrupt(queue, before);
    return true;
}

void VirtioNet::transmit(u16 number) {
    if (!enabled(number))
        return;
    Queue& queue = queues_[number];
    u16 const before = queue.returned;
    while (available(queue) != 0) {
        u16 const head = take(queue);
        auto bytes = gather(queue, head);
        std::memcpy(&headers.emplace_back(), bytes.data(), sizeof(Header));
        bytes.erase(bytes.begin(), bytes.begin() + sizeof(Header));
        sent.push_back(std::move(bytes));
        give_back(number, head, 0);
    }
    interrupt(queue, before);
}

void VirtioNet::command(Queue& queue) {
    while (answers && available(queue) != 0) {
        u16 const head = take(queue);
        auto const bytes = gather(queue, head);
        std::memcpy(&commands.emplace_back(), bytes.data(), sizeof(u16));
        auto d = descriptor(queue, head);
        while ((d.flags & flag_next) != 0)
            d = descriptor(queue, d.next);
        at<u8>(d.at) = command_done;
        give_back(static_cast<u16>(2 * ((accepted_ & feature_mq) != 0 ? pairs : 1)), head, 1);
    }
}

void VirtioNet::notified(u16 number) {
    Queue& queue = queues_[number];
    if (number == 2 * ((accepted_ & feature_mq) != 0 ? pairs : 1))
        return command(queue);
    if (number % 2 == 1 && sends)
        transmit(number);
}

void VirtioNet::set_link(bool up) {
    link = up;
    if (up && sends)
        transmit();
    interrupts.push_back(config_vector_);
}

}  // namespace devices
