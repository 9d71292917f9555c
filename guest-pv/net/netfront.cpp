// SPDX-License-Identifier: MIT
// Moving frames. Coming and going of the backend: connection.cpp.
#include "guest-pv/net/netfront.hpp"

namespace net {

namespace {

// Frames taken before the other work of the serving thread gets its turn.
constexpr usize receive_budget = 64;

// A backend that frees no buffer for so long has stopped.
constexpr Nanos room_patience = 100 * rt::millisecond;

void add(Netfront::Counts& sum, TxRing::Counts const& tx, RxRing::Counts const& rx) {
    sum.tx.frames += tx.frames;
    sum.tx.bytes += tx.bytes;
    sum.tx.refused += tx.refused;
    sum.rx.frames += rx.frames;
    sum.rx.bytes += rx.bytes;
    sum.rx.errors += rx.errors;
}

}  // namespace

Netfront::Counts Netfront::counts() const {
    Counts sum = past_;
    if (queue_)
        add(sum, queue_->tx().counts(), queue_->rx().counts());
    return sum;
}

void Netfront::set_queue(std::shared_ptr<Queue> queue) {
    if (queue_)
        add(past_, queue_->tx().counts(), queue_->rx().counts());
    queue_ = std::move(queue);
    if (queue_)
        queue_->channel().on_event([this] { activity_.wake_all(); });
    if (link_changed_)
        link_changed_(connected());
    activity_.wake_all();
}

// A free buffer: at once, or when the backend gave one back in time. While it
// is awaited another connection may take this one's place, with buffers of its own.
bool Netfront::await_room() {
    Nanos const deadline = rt::now() + room_patience;
    while (connected()) {
        auto& queue = *queue_;
        if (!queue.tx().reap()) {
            break_off();
            return false;
        }
        if (!queue.tx().full())
            return true;
        queue.publish_tx();
        if (!queue.tx().listen() && !activity_.wait(deadline))
            return false;
    }
    return false;
}

bool Netfront::send(Fill const& fill) {
    bool const possible = connected() && (!queue_->tx().full() || await_room());
    if (!possible) {
        past_.dropped++;
        return false;
    }
    auto& tx = queue_->tx();
    tx.push(fill(tx.next_buffer()));
    return true;
}

void Netfront::flush() {
    if (connected())
        queue_->publish_tx();
}

bool Netfront::receive(Receiver const& receiver) {
    // The receiver may sleep in send(), and the link go meanwhile.
    auto const queue = queue_;
    if (!connected())
        return false;
    auto const taken = queue->rx().receive(receive_budget, receiver);
    if (!taken) {
        break_off();
        return false;
    }
    if (*taken > 0)
        queue->publish_rx();
    return *taken > 0;
}

void Netfront::wait(Nanos deadline) {
    if (!connected() || !queue_->rx().listen())
        activity_.wait(deadline);
}

}  // namespace net
