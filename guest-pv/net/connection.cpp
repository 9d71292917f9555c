// SPDX-License-Identifier: MIT
// How a frontend and its backend find each other and part:
//
//   frontend   1 Initialising              4 Connected   5/6 Closing, Closed
//   backend    2 InitWait, with features   4 Connected   5/6
//
// Everything the other side reads stands in xenstore before the state does.
#include <algorithm>
#include <array>
#include <utility>

#include "guest-pv/net/netfront.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"
#include "kernel/abi/backend_pages.hpp"

namespace net {

using rt::xenbus::State;
using rt::xenbus::TransactionId;

namespace {

// How long a backend may take to let go of the rings.
constexpr Nanos close_patience = 5 * rt::second;

}  // namespace

Result<std::unique_ptr<Netfront>> Netfront::first() {
    auto* const store = rt::xenbus::connection();
    if (store == nullptr)
        return Fail{Errno::nodev};
    std::unique_ptr<Netfront> front{new Netfront{*store, "device/vif/0"}};
    TRY_VOID(front->read_device());
    rt::spawn("netfront", [raw = front.get()] { raw->live(); });
    return front;
}

Result<> Netfront::read_device() {
    backend_ = TRY(store_.read(device_ + "/backend"));
    u64 const id = TRY(rt::xenbus::read_number(store_, device_ + "/backend-id"));
    auto const text = TRY(store_.read(device_ + "/mac"));
    auto const mac = parse_mac(text);
    if (id >= DOMID_FIRST_RESERVED || !mac)
        return Fail{Errno::inval};
    backend_id_ = DomId{static_cast<u16>(id)};
    mac_ = *mac;
    return {};
}

// Each round is one connection. Errors of xenstore end it like a backend that
// went away, and the next round waits for the backend anyway.
void Netfront::live() {
    while (!broken_) {
        auto const served = connect();
        if (served)
            static_cast<void>(await_end());
        disconnect();
        if (!served)
            rt::sleep_for(rt::second);
    }
}

Result<> Netfront::connect() {
    TRY_VOID(read_device());
    TRY_VOID(rt::xenbus::write_state(store_, device_, State::initialising));
    TRY_VOID(rt::xenbus::wait_for_state(store_, backend_, std::array{State::init_wait}));
    if (!rt::xenbus::read_flag(store_, backend_ + "/feature-rx-copy"))
        return Fail{Errno::opnotsupp};
    auto queue = TRY(Queue::make(backend_id_));
    if (rt::xenbus::read_flag(store_, backend_ + "/feature-ctrl-ring"))
        control_ = TRY(Control::make(backend_id_));
    TRY_VOID(advertise(*queue));
    queue->publish_rx();
    past_.connects++;
    set_queue(std::move(queue));
    return {};
}

Result<> Netfront::advertise(Queue& queue) {
    // Only a backend that knows several queues is told that there is one.
    bool const counts_queues = store_.read(backend_ + "/multi-queue-max-queues").has_value();
    return store_.transact([&](TransactionId in) -> Result<> {
        auto const put = [&](char const* key, u64 value) {
            return rt::xenbus::write_number(store_, device_ + "/" + key, value, in);
        };
        TRY_VOID(put("tx-ring-ref", queue.tx_ring_ref().raw()));
        TRY_VOID(put("rx-ring-ref", queue.rx_ring_ref().raw()));
        TRY_VOID(put("event-channel", queue.channel().port().raw()));
        TRY_VOID(put("request-rx-copy", 1));
        TRY_VOID(put("feature-rx-notify", 1));
        TRY_VOID(put("feature-no-csum-offload", 1));
        TRY_VOID(put("feature-sg", 0));
        if (control_) {
            TRY_VOID(put("ctrl-ring-ref", control_->ring_ref().raw()));
            TRY_VOID(put("event-channel-ctrl", control_->channel().port().raw()));
        }
        if (counts_queues)
            TRY_VOID(put("multi-queue-num-queues", 1));
        return rt::xenbus::write_state(store_, device_, State::connected, in);
    });
}

// The buffers stay the same for as long as the device is connected, so the
// backend may map them once. One that will not copies all the same.
void Netfront::declare_buffers() {
    auto const queue = queue_;
    if (!control_ || !queue)
        return;
    auto const pages = queue->declaration();
    static_assert(TxRing::slots + RxRing::slots <= Control::most_pages);
    static_cast<void>(control_->declare(0, pages));
}

// It has some while what crosses is to be copied by who receives it. They are kept
// then, as it may want so again.
void Netfront::ask_for_pages() {
    auto const queue = queue_;
    if (!control_ || !queue || queue->has_backend_pages() ||
        rt::xenbus::read_number(store_, backend_ + "/" + backend_pages::key).value_or(0) == 0)
        return;
    auto const pages = control_->backend_pages(0);
    if (pages && queue->map_backend_pages(backend_id_, *pages))
        static_cast<void>(control_->use_backend_pages(0));
}

// Returns when the backend left the connection, or broke the protocol.
Result<> Netfront::await_end() {
    auto const state_watch = TRY(store_.watch(backend_ + "/state"));
    auto const pages_watch = TRY(store_.watch(backend_ + "/" + backend_pages::key));
    std::array const watches{state_watch.get(), pages_watch.get()};
    for (auto* const watch : watches)
        watch->on_event([this] { end_.wake_all(); });
    auto const pending = [&] { return std::ranges::any_of(watches, &rt::xenbus::Watch::pending); };
    bool was_connected = false;
    while (!broken_) {
        for (auto* const watch : watches)
            while (watch->pending())
                TRY_VOID(watch->wait());
        State const state = rt::xenbus::read_state(store_, backend_);
        if (state == State::connected) {
            if (!std::exchange(was_connected, true))
                declare_buffers();
            ask_for_pages();
        } else if (was_connected || state != State::init_wait) {
            return {};
        }
        if (!pending() && !broken_)
            end_.wait();
    }
    return {};
}

// The rings stay until the backend said that it let go of them. What it does
// not let go of is lost, see GrantedPage.
void Netfront::disconnect() {
    constexpr std::array gone{State::closed, State::init_wait, State::initialising, State::unknown};
    static_cast<void>(rt::xenbus::write_state(store_, device_, State::closing));
    static_cast<void>(rt::xenbus::wait_for_state(
        store_, backend_,
        std::array{State::closing, State::closed, State::init_wait, State::initialising, State::unknown},
        rt::now() + close_patience));
    static_cast<void>(rt::xenbus::write_state(store_, device_, State::closed));
    static_cast<void>(rt::xenbus::wait_for_state(store_, backend_, gone, rt::now() + close_patience));
    set_queue(nullptr);
    control_.reset();
}

void Netfront::break_off() {
    broken_ = true;
    end_.wake_all();
}

}  // namespace net
