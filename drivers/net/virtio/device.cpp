// SPDX-License-Identifier: MIT
// Initialisation in the order of VIRTIO 1.2, 3.1.1, and everything that is not
// the path of a packet.
#include "drivers/net/virtio/device.hpp"

#include <algorithm>

#include "drivers/net/virtio/virtio_net.hpp"

namespace nic::virtio_net {

namespace {

// One thread polls the card. That they are two keeps what fills one queue from
// filling the other; more would only have more buffers waiting.
constexpr u16 queue_pairs = 2;
constexpr u32 usual_mtu = 9216;  // of a device that does not say

constexpr u64 required = virtio::version_1 | feature_mac;

// What is of use, together with what it needs (5.1.3.1).
u64 choose(u64 offered, bool several_queues) {
    u64 chosen = offered & (required | virtio::event_index | feature_mtu | feature_status | feature_csum |
                            feature_guest_csum | feature_mrg_rxbuf | feature_ctrl_vq);
    if ((chosen & feature_csum) != 0)
        chosen |= offered & (feature_host_tso4 | feature_host_tso6 | feature_host_ecn);
    // A buffer holds no large frame.
    if ((chosen & feature_guest_csum) != 0 && (chosen & feature_mrg_rxbuf) != 0)
        chosen |= offered & (feature_guest_tso4 | feature_guest_tso6);
    if ((chosen & feature_ctrl_vq) != 0)
        chosen |= offered & (feature_ctrl_rx | (several_queues ? feature_mq : 0));
    return chosen;
}

}  // namespace

Result<std::unique_ptr<Nic>> probe(pci::Function const& function, PacketPool& pool, Wake wake) {
    auto transport = TRY(virtio::Transport::find(function));
    auto device =
        std::make_unique<Device>(function, std::move(transport), pool, queue_pairs, std::move(wake));
    TRY_VOID(device->bring_up());
    return device;
}

Result<> Device::bring_up() {
    msix_.emplace(TRY(pci::Msix::enable(function())));
    return run();
}

Result<> Device::start() {
    TRY_VOID(reset_chip());
    function().set_bus_master(true);
    TRY_VOID(agree());
    TRY_VOID(read_config());
    if (rx_.empty()) {
        TRY_VOID(create_queues());
        TRY_VOID(connect_interrupts());
    }
    TRY_VOID(start_queues());
    transport_.run();
    TRY_VOID(send_commands());
    read_link();
    for (u16 i = 0; i < queues(); ++i)
        transport_.notify(static_cast<u16>(2 * i));
    return {};
}

Result<> Device::agree() {
    u64 const offered = transport_.greet();
    if ((offered & required) != required)
        return Fail{Errno::nodev};
    features_ = choose(offered, wanted_pairs_ > 1);
    return transport_.accept(features_);
}

Result<> Device::read_config() {
    usize const bytes = has(feature_mtu)      ? config_bytes_of_mtu
                        : has(feature_mq)     ? config_bytes_of_pairs
                        : has(feature_status) ? config_bytes_of_status
                                              : config_bytes_of_mac;
    auto const config = TRY(transport_.device_config(bytes));
    for (u32 i = 0; i < mac_.octets.size(); ++i)
        mac_.octets[i] = config.read<MacOctet>(i).raw;
    most_pairs_ = has(feature_mq) ? config.read<MaxPairs>().raw : u16{1};
    max_frame_ = frame_bytes(has(feature_mtu) ? config.read<Mtu>().raw : usual_mtu);
    if (!has(feature_mrg_rxbuf))
        max_frame_ = std::min<u32>(max_frame_, buffer_bytes - sizeof(Header));
    if (most_pairs_ == 0 || mac_.is_group())
        return Fail{Errno::nodev};
    return {};
}

// Once: a device does not change its mind about how many it has.
Result<> Device::create_queues() {
    auto const vectors = std::max<u16>(msix_->vectors(), 2);
    u16 const pairs = std::min({wanted_pairs_, most_pairs_, static_cast<u16>(vectors - 1)});
    for (u16 i = 0; i < pairs; ++i) {
        u16 const rx = transport_.queue_size(static_cast<u16>(2 * i));
        u16 const tx = transport_.queue_size(static_cast<u16>(2 * i + 1));
        if (rx == 0 || tx <= most_buffers)
            return Fail{Errno::nodev};
        rx_.push_back(TRY(ReceiveQueue::create(rx, pool_)));
        tx_.push_back(TRY(TransmitQueue::create(tx)));
    }
    if (!has(feature_ctrl_vq))
        return {};
    u16 const size = transport_.queue_size(control_index());
    if (size == 0)
        return Fail{Errno::nodev};
    control_.emplace(TRY(ControlQueue::create(size)));
    return {};
}

Result<> Device::connect_interrupts() {
    for (u16 i = 0; i < queues(); ++i)
        TRY_VOID(msix_->connect(i, [this, i] { wake_(i); }));
    // Registers are read by whoever polls; a handler only passes it on.
    TRY_VOID(msix_->connect(config_vector(), [this] {
        config_event_ = true;
        wake_(0);
    }));
    msix_->unmask();
    return {};
}

Result<> Device::start_queues() {
    bool const by_index = has(virtio::event_index);
    Receives const receives{max_frame_, has(feature_guest_csum),
                            has(feature_guest_tso4) || has(feature_guest_tso6)};
    TRY_VOID(transport_.set_config_vector(config_vector()));
    for (u16 i = 0; i < queues(); ++i) {
        TRY_VOID(rx_[i].fill(receives, by_index));
        static_cast<void>(rx_[i].ring().publish());  // told when the device runs
        tx_[i].clear(by_index);
        TRY_VOID(transport_.enable_queue(static_cast<u16>(2 * i), rx_[i].ring(), i));
        TRY_VOID(transport_.enable_queue(static_cast<u16>(2 * i + 1), tx_[i].ring(), i));
    }
    if (!control_)
        return {};
    control_->clear(by_index);
    return transport_.enable_queue(control_index(), control_->ring(), virtio::no_vector);
}

// A bridge takes every frame.
Result<> Device::send_commands() {
    auto const send = [&](Command command, u16 argument) {
        return control_->command(transport_, control_index(), command, argument);
    };
    if (control_ && has(feature_ctrl_rx)) {
        TRY_VOID(send(Command::promiscuous, 1));
        TRY_VOID(send(Command::all_multicast, 1));
    }
    if (control_ && has(feature_mq))
        TRY_VOID(send(Command::set_pairs, queues()));
    return {};
}

Offload Device::offload() const {
    return {.checksum = has(feature_csum),
            .segmentation = has(feature_csum | feature_host_tso4 | feature_host_tso6 | feature_host_ecn)};
}

u32 Device::receive(u16 queue, std::span<PacketRef> into) {
    if (!running())
        return 0;
    if (std::exchange(config_event_, false))
        read_link();
    tx_[queue].reclaim();
    u32 const count = rx_[queue].receive(into, counters());
    if (rx_[queue].ring().publish())
        transport_.notify(static_cast<u16>(2 * queue));
    return count;
}

u32 Device::transmit(u16 queue, std::span<PacketRef> packets) {
    if (!running())
        return 0;
    u32 const count = tx_[queue].transmit(packets, counters());
    if (tx_[queue].ring().publish())
        transport_.notify(static_cast<u16>(2 * queue + 1));
    return count;
}

bool Device::arm(u16 queue) {
    if (!running())
        return false;
    bool const sent = tx_[queue].ring().ask();
    return rx_[queue].ring().ask() || sent;
}

bool Device::pending(u16 queue) const {
    auto const returned = [](virtio::SplitRing const& ring) { return !ring.broken() && ring.pending(); };
    return running() && !rx_[queue].broken() && (returned(rx_[queue].ring()) || returned(tx_[queue].ring()));
}

std::string_view Device::complaint(Nanos now) {
    auto const status = transport_.status();
    if (status == virtio::gone)
        return "it does not answer";
    if (virtio::DeviceStatus::NEEDS_RESET::in(status) != 0)
        return "it asks for that";
    read_link();
    for (TransmitQueue& queue : tx_) {
        if (queue.stuck(now, link_up()))
            return "a transmit queue is stuck";
        if (queue.ring().broken())
            return "a transmit queue makes no sense";
    }
    if (std::ranges::any_of(rx_, &ReceiveQueue::broken))
        return "a receive queue makes no sense";
    return {};
}

// A device that cannot say is taken to be connected.
void Device::read_link() {
    auto const config = transport_.device_config(config_bytes_of_status);
    see_link(!has(feature_status) || !config || LinkStatus::UP::in(config->read<LinkStatus>()) != 0);
}

void Device::empty_rings(bool stopped) {
    for (ReceiveQueue& queue : rx_) {
        count_unread(stopped, [&](auto into, auto& counters) { return queue.receive(into, counters); });
        take_back(queue.shadow(), stopped);
    }
    for (TransmitQueue& queue : tx_) {
        queue.reclaim();
        counters().tx_lost += take_back(queue.shadow(), stopped);
    }
    if (!control_)
        return;
    take_back(control_->ring_memory(), stopped);
    take_back(control_->message(), stopped);
}

}  // namespace nic::virtio_net
