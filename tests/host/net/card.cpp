// SPDX-License-Identifier: MIT
// The card's behaviour.
#include "tests/host/net/card.hpp"

#include <algorithm>
#include <cstring>

#include "tests/host/net/devices.hpp"

namespace devices {

namespace {

std::vector<std::byte> bytes_of(nic::Packet const& packet) {
    std::vector<std::byte> all;
    for (nic::Packet const* buffer = &packet; buffer != nullptr; buffer = buffer->next())
        all.insert(all.end(), buffer->data, buffer->data + buffer->length);
    return all;
}

}  // namespace

CardQueue::~CardQueue() {
    std::erase(card_.own_, this);
}

void CardQueue::post(std::span<Maddr const> pages) {
    posted_.insert(posted_.end(), pages.begin(), pages.end());
}

void CardQueue::take(std::span<std::byte const> frame) {
    if (frame.size() > station_.max_frame)
        return;
    usize const pages = (frame.size() + page_size - 1) / page_size;
    if (posted_.size() < pages) {
        ++counters_.rx_missed;
        return;
    }
    for (usize at = 0; at < frame.size(); at += page_size) {
        usize const count = std::min<usize>(page_size, frame.size() - at);
        std::memcpy(dma_bytes(posted_.front(), count), frame.data() + at, count);
        posted_.pop_front();
        done_.push_back({static_cast<u16>(count), at + count == frame.size(), nic::Checksum::unknown});
    }
    ++counters_.rx_packets;
    counters_.rx_bytes += frame.size();
    if (std::exchange(armed_, false))
        wake_();
}

u32 CardQueue::completed(std::span<nic::Filled> into) {
    u32 count = 0;
    while (!done_.empty()) {
        auto const end = std::ranges::find(done_, true, &nic::Filled::end_of_frame) + 1;
        if (into.size() - count < static_cast<usize>(end - done_.begin()))
            break;
        count += static_cast<u32>(std::ranges::copy(done_.begin(), end, into.begin() + count).out -
                                  (into.begin() + count));
        done_.erase(done_.begin(), end);
    }
    return count;
}

u32 CardQueue::transmit(std::span<nic::PacketRef> packets) {
    for (nic::PacketRef& packet : packets) {
        ++counters_.tx_packets;
        counters_.tx_bytes += packet->total();
        card_.switch_frame(bytes_of(*packet), this);
        packet.reset();
    }
    return static_cast<u32>(packets.size());
}

bool CardQueue::arm() {
    armed_ = true;
    return !done_.empty();
}

Result<u32> CardQueue::retire() {
    steered_ = false;
    if (card_.unstoppable)
        return Fail{Errno::timedout};
    auto const unfilled = static_cast<u32>(posted_.size());
    posted_.clear();
    return unfilled;
}

Result<std::unique_ptr<nic::OwnQueue>> Card::own_queue(nic::Station const& station, nic::OwnWake wake) {
    if (own_.size() == stations)
        return Fail{Errno::busy};
    if (std::ranges::find(own_, station.mac, &CardQueue::mac) != own_.end())
        return Fail{Errno::exist};
    auto queue = std::make_unique<CardQueue>(*this, station, std::move(wake));
    own_.push_back(queue.get());
    return queue;
}

void Card::wire(std::span<std::byte const> frame, u16 queue) {
    if (up && !deliver(frame, nullptr))
        to_common(frame, queue);
}

bool Card::deliver(std::span<std::byte const> frame, CardQueue const* source) {
    auto const destination = nic::Mac::at(frame.data());
    for (CardQueue* queue : own_) {
        if (!queue->steered() || queue == source)
            continue;
        if (destination.is_group() || destination == queue->mac())
            queue->take(frame);
        if (destination == queue->mac())
            return true;
    }
    return false;
}

void Card::to_common(std::span<std::byte const> frame, u16 queue) {
    nic::PacketRef packet;
    while (!frame.empty()) {
        auto buffer = pool_.take();
        if (!buffer) {
            ++counters_.rx_no_buffer;
            return;
        }
        buffer->length = static_cast<u16>(std::min<usize>(page_size, frame.size()));
        std::memcpy(buffer->data, frame.data(), buffer->length);
        frame = frame.subspan(buffer->length);
        if (packet)
            packet->append(std::move(buffer));
        else
            packet = std::move(buffer);
    }
    packet->checksum = checksum;
    packet->segment_bytes = segment_bytes;
    common_[queue].push_back(std::move(packet));
}

u32 Card::receive(u16 queue, std::span<nic::PacketRef> into) {
    auto& waiting = common_[queue];
    auto const count = std::min(into.size(), waiting.size());
    for (nic::PacketRef& packet : into.first(count)) {
        packet = std::move(waiting.front());
        waiting.pop_front();
        ++counters_.rx_packets;
        counters_.rx_bytes += packet->total();
    }
    return static_cast<u32>(count);
}

u32 Card::transmit(u16 queue, std::span<nic::PacketRef> packets) {
    auto const taken = packets.first(std::min(packets.size(), room));
    for (nic::PacketRef& packet : taken) {
        ++counters_.tx_packets;
        counters_.tx_bytes += packet->total();
        sent_by.push_back(queue);
        switch_frame(bytes_of(*packet), nullptr);
        packet.reset();
    }
    return static_cast<u32>(taken.size());
}

void Card::switch_frame(std::vector<std::byte> frame, CardQueue const* source) {
    if (deliver(frame, source))
        return;
    if (source != nullptr && nic::Mac::at(frame.data()).is_group())
        to_common(frame);
    if (up)
        sent.push_back(std::move(frame));
}

}  // namespace devices
