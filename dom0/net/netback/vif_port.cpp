// SPDX-License-Identifier: MIT
// Sharing an interface's turn between its queues.
#include "dom0/net/netback/vif_port.hpp"

#include <algorithm>

#include "dom0/net/frame/flow.hpp"
#include "kernel/base/log.hpp"

namespace netback {

namespace {

Drop drop_of(frame::Misfit misfit) {
    switch (misfit) {
        case frame::Misfit::too_long:
            return Drop::too_long;
        case frame::Misfit::revoked:
            return Drop::grant_refused;
        case frame::Misfit::no_buffer:
            break;
    }
    return Drop::no_buffer;
}

}  // namespace

Result<std::unique_ptr<VifPort>> VifPort::create(DomId guest, Allowance allowance, Request request,
                                                 nic::PacketPool& pool, Counters& counters, Hooks hooks) {
    u32 const max_frame = allowance.max_frame;
    bool const in_order = allowance.replaceable;
    std::unique_ptr<VifPort> port{
        new VifPort{guest, std::move(allowance), std::move(request), pool, counters, std::move(hooks)}};
    TxQueue::Shared const shared{max_frame, pool, port->groups_, port->policy_, counters, in_order};
    for (QueueKeys const& keys : port->request_.queues) {
        auto const number = static_cast<u8>(port->queues_.size());
        port->queues_.push_back(TRY(QueuePair::create({guest, number}, keys, shared, port->hooks_.wake)));
    }
    if (auto const& keys = port->request_.control) {
        std::vector<StaticGrants*> declared;
        for (auto const& queue : port->queues_)
            declared.push_back(&queue->declared());
        port->control_ = TRY(
            Control::create({guest, rt::grant_copy}, *keys, std::move(declared), pool, port->hooks_.attend));
        port->control_->offer_pages(port->hooks_.find_pages);
    }
    return port;
}

Result<> VifPort::refuse_left() {
    for (auto const& queue : queues_)
        TRY_VOID(queue->refuse_left());
    return {};
}

// A card has one kind of pages at a time, and each needs a stay of its own.
Result<> VifPort::set_mode(Mode mode, bool by_card) {
    bool const other_pages = std::exchange(mode_, mode) != mode;
    for (auto const& queue : queues_)
        queue->set_mode(mode, by_card);
    if (other_pages || !by_card)
        leave_card();
    return by_card ? follow_traffic() : Result<>{};
}

Result<> VifPort::follow_traffic() {
    if (!wants_aggregation())
        return seek_card();
    leave_card();
    return {};
}

// A queue belongs to the virtual CPU of its number, as far as there are so many.
void VifPort::follow_guest(helpers::Helpers& helpers) {
    for (u32 i = 0; i < queues_.size(); ++i)
        queues_[i]->use(helpers.beside(guest_, VcpuId{i}));
}

u32 VifPort::helped_queues() const {
    return static_cast<u32>(
        std::ranges::count_if(queues_, [](auto const& queue) { return queue->is_helped(); }));
}

Result<> VifPort::seek_card() {
    if (stay_ || broken_)
        return {};
    stay_ = TRY(hooks_.seek_stay());
    hooks_.wake();
    return {};
}

void VifPort::leave_card() {
    // The switch goes on, and is not to settle it again.
    auto const stay = std::exchange(stay_, nullptr);
    if (!stay)
        return;
    queues_[0]->leave_card();
    queues_[0]->end_card(stay->leave());
    hooks_.wake();
}

template <class T>
T VifPort::checked(Result<T> result, T otherwise) {
    if (result)
        return *result;
    cut_off();
    return otherwise;
}

bool VifPort::serve_control() {
    return control_ && !broken_ && checked(control_->serve(), false);
}

// All of the guest's frames then come by its first pair of rings.
void VifPort::settle() {
    if (checked(queues_[0]->begin_card(stay_->queue(), pages_for_card()), false) && !stay_->settle())
        cut_off();
}

std::shared_ptr<BackendPages> VifPort::pages_for_card() const {
    return mode_ == Mode::guest_copy && control_ ? control_->used_pages() : nullptr;
}

void VifPort::cut_off() {
    broken_ = true;
    hooks_.attend();
}

u32 VifPort::declared_pages() const {
    u32 pages = 0;
    for (auto const& queue : queues_)
        pages += queue->declared().count();
    return pages;
}

std::vector<Levels> VifPort::levels() const {
    std::vector<Levels> all;
    for (auto const& queue : queues_)
        all.push_back(queue->levels());
    return all;
}

net::Port::Polled VifPort::poll(std::span<nic::PacketRef> into, u64 most_bytes, Nanos now) {
    Polled all;
    u64 bytes = 0;
    call_at_ = 1;
    for (usize i = 0; i < queues_.size() && all.packets < into.size() && bytes < most_bytes && !broken_;
         ++i) {
        u64 const credit = credit_.left(now);
        if (credit == 0) {
            rest(all, credit_.refill_at(), 0);
            break;
        }
        QueuePair& queue = *queues_[(turn_ + i) % queues_.size()];
        auto const polled =
            checked(queue.poll(into.subspan(all.packets), std::min(credit, most_bytes - bytes), now),
                    TxQueue::Polled{});
        credit_.spend(polled.bytes);
        bytes += polled.bytes;
        all.packets += polled.packets;
        all.more = all.more || polled.slots != 0;
    }
    turn_ = (turn_ + 1) % queues_.size();
    if (all.more && all.packets < into.size() && bytes < most_bytes)
        if (Nanos const next_look = pace_.found(now))
            rest(all, next_look, Pace::enough);
    // Whoever is looked at anyhow is reminded then.
    if (all.retry_at == 0)
        all.retry_at = first_due();
    return all;
}

Nanos VifPort::first_due() const {
    Nanos first = 0;
    for (auto const& queue : queues_)
        if (Nanos const due = queue->due(); due != 0 && (first == 0 || due < first))
            first = due;
    return first;
}

void VifPort::rest(Polled& polled, Nanos until, u32 call_at) {
    call_at_ = call_at;
    polled.more = false;
    polled.retry_at = until;
}

QueuePair& VifPort::queue_of(nic::Packet const& packet) const {
    return queues_.size() == 1 ? *queues_[0] : *queues_[frame::flow_hash(packet.head()) % queues_.size()];
}

u32 VifPort::enqueue(std::span<nic::PacketRef> frames) {
    if (broken_)
        return 0;
    u64 const late_before = counters_.dropped(Drop::guest_slow);
    for (nic::PacketRef& packet : frames) {
        if (request_.lists_groups && !groups_.passes(nic::Mac::at(packet->data)))
            continue;
        pace_.gave();
        policy_.heard(packet->head());
        incoming_.add(std::move(packet), [this](nic::PacketRef&& frame) { deliver(std::move(frame)); });
    }
    return static_cast<u32>(counters_.dropped(Drop::guest_slow) - late_before);
}

void VifPort::deliver(nic::PacketRef&& packet) {
    QueuePair& queue = queue_of(*packet);
    auto const misfit = frame::adapt(std::move(packet), request_.takes, pool_,
                                     [&](nic::PacketRef&& frame) { queue.enqueue(std::move(frame)); });
    if (misfit)
        counters_.drop(drop_of(*misfit));
}

bool VifPort::flush(Nanos now) {
    incoming_.flush([this](nic::PacketRef&& frame) { deliver(std::move(frame)); });
    counters_.rx_merged += incoming_.take_merged();
    if (stay_ && !stay_->settled() && !broken_)
        settle();
    u64 const given_before = counters_.rx_packets;
    for (auto const& queue : queues_) {
        if (!broken_ && !queue->flush(now))
            cut_off();
        queue->bring_waiting();
    }
    if (counters_.rx_packets != given_before)
        count_given();
    return false;
}

void VifPort::count_given() {
    // A card gives frames that nobody has enqueued.
    if (with_card())
        pace_.gave();
    counters_.rx_tcp += incoming_.take_segments();
    if (takes_large() && tcp_share_.look(counters_.rx_packets + counters_.rx_merged, counters_.rx_tcp))
        hooks_.attend();
}

// Both ends of every queue are asked, so that either is heard of.
bool VifPort::arm() {
    bool something = false;
    for (auto const& queue : queues_)
        if (!broken_ && checked(queue->arm(call_at_), false))
            something = true;
    return something;
}

}  // namespace netback
