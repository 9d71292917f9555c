// SPDX-License-Identifier: MIT
#include "guest-pv/apps/traffic/card.hpp"

#include <algorithm>

#include "drivers/net/table.hpp"
#include "drivers/pci/enumerate.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace traffic {

namespace {

constexpr u32 most_bytes = nic::frame_bytes(1500);

}  // namespace

Result<std::unique_ptr<Card>> Card::find() {
    auto pool = TRY(nic::PacketPool::create(packets));
    std::unique_ptr<Card> card{new Card{std::move(pool), TRY(io::DmaMemory::allocate(pages * page_size))}};
    TRY_VOID(card->open());
    return card;
}

Result<> Card::open() {
    for (pci::Function const& function : pci::enumerate())
        if (auto const* driver = nic::driver_for(function); driver && !nic_)
            nic_ = TRY(driver->probe(function, *pool_, [this](u16) { wake(); }));
    if (!nic_)
        return Fail{Errno::nodev};
    queue_ = TRY(nic_->own_queue({.mac = {own_mac}, .max_frame = most_bytes}, [this] { wake(); }));
    post(std::min(queue_->room(), pages));
    queue_->steer();
    return {};
}

void Card::post(u32 count) {
    std::array<Maddr, pages> addresses;
    auto const posted = std::span{addresses}.first(count);
    for (Maddr& address : posted) {
        address = memory_.maddr() + to_post_ * page_size;
        to_post_ = (to_post_ + 1) % pages;
    }
    queue_->post(posted);
}

// A page without a length held a frame that was damaged; no frame has two.
bool Card::receive(Receiver const& receiver) {
    if (Nanos const now = rt::now(); now >= next_tick_)
        tick(now);
    u32 const count = queue_->completed(filled_);
    for (nic::Filled const& one : std::span{filled_}.first(count)) {
        std::array const pieces{page(next_).first(one.length)};
        next_ = (next_ + 1) % pages;
        if (one.length != 0)
            receiver(pieces);
    }
    if (count != 0)
        post(count);
    return count != 0;
}

bool Card::send(Fill const& fill) {
    if (waiting_ == batch)
        flush();
    auto packet = waiting_ < batch ? pool_->take() : nic::PacketRef{};
    if (!packet)
        return false;
    packet->grow(static_cast<u16>(fill(std::span{packet->data, most_bytes})));
    outgoing_[waiting_++] = std::move(packet);
    return true;
}

// What finds no room stays for the next time.
void Card::flush() {
    if (waiting_ == 0)
        return;
    u32 const sent = queue_->transmit(std::span{outgoing_}.first(waiting_));
    std::move(outgoing_.begin() + sent, outgoing_.begin() + waiting_, outgoing_.begin());
    waiting_ -= sent;
}

void Card::wait(Nanos deadline) {
    if (!queue_->arm())
        activity_.wait(std::min(deadline, next_tick_));
}

void Card::tick(Nanos now) {
    next_tick_ = now + rt::second;
    nic_->tick(now);
    if (link_up_ == nic_->link_up())
        return;
    link_up_ = nic_->link_up();
    if (link_changed_)
        link_changed_(link_up_);
}

}  // namespace traffic
