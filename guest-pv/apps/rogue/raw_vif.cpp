// SPDX-License-Identifier: MIT
#include "guest-pv/apps/rogue/raw_vif.hpp"

#include <algorithm>
#include <cstring>

#include "guest-pv/apps/rally/header.hpp"
#include "kernel/abi/backend_pages.hpp"

namespace rogue {

Result<std::unique_ptr<RawVif>> RawVif::make(Device const& device) {
    using net::GrantedPage;
    auto event = TRY(rt::EventChannel::alloc_unbound(device.backend));
    auto control_event = TRY(rt::EventChannel::alloc_unbound(device.backend));
    std::vector<GrantedPage> shared;
    for (u32 i = 0; i < shared_pages; ++i)
        shared.push_back(TRY(GrantedPage::make(device.backend, rt::Access::read_write)));
    auto source = TRY(GrantedPage::make(device.backend, rt::Access::read_only));
    std::vector<GrantedPage> buffers;
    for (u32 i = 0; i < buffer_count; ++i)
        buffers.push_back(TRY(GrantedPage::make(device.backend, rt::Access::read_write)));
    return std::unique_ptr<RawVif>{new RawVif{device, std::move(event), std::move(control_event),
                                              std::move(shared), std::move(source), std::move(buffers)}};
}

RawVif::RawVif(Device const& device, rt::EventChannel event, rt::EventChannel control_event,
               std::vector<net::GrantedPage> shared, net::GrantedPage source,
               std::vector<net::GrantedPage> buffers)
    : device_{device},
      event_{std::move(event)},
      control_event_{std::move(control_event)},
      shared_{std::move(shared)},
      source_{std::move(source)},
      buffers_{std::move(buffers)} {}

RawVif::~RawVif() {
    static_cast<void>(device_.close());
}

Result<std::unique_ptr<RawVif>> RawVif::connect(Device const& device, Posting posting) {
    auto vif = TRY(make(device));
    if (!vif->announce(vif->keys()))
        return Fail{Errno::connrefused};
    TRY_VOID(vif->declare());
    if (posting == Posting::all)
        vif->post_buffers();
    return vif;
}

Keys RawVif::keys() const {
    return {.tx_ring = std::to_string(shared_[tx].ref().raw()),
            .rx_ring = std::to_string(shared_[rx].ref().raw()),
            .event = std::to_string(event_.port().raw()),
            .control_ring = std::to_string(shared_[control].ref().raw()),
            .control_event = std::to_string(control_event_.port().raw())};
}

bool RawVif::announce(Keys const& keys) {
    if (!device_.begin())
        return false;
    auto const put = [&](char const* key, std::string const& value) {
        static_cast<void>(device_.store.write(device_.front + "/" + key, value));
    };
    put("tx-ring-ref", keys.tx_ring);
    put("rx-ring-ref", keys.rx_ring);
    put("event-channel", keys.event);
    put("ctrl-ring-ref", keys.control_ring);
    put("event-channel-ctrl", keys.control_event);
    put("multi-queue-num-queues", keys.queues);
    put("request-rx-copy", "1");
    device_.set_state(State::connected);
    return device_.await({State::connected, State::closing, State::closed}) &&
           rt::xenbus::read_state(device_.store, device_.back) == State::connected;
}

void RawVif::send(netif_extra_info_t const& extra) {
    netif_tx_request_t slot{};
    static_assert(sizeof extra <= sizeof slot);
    std::memcpy(&slot, &extra, sizeof extra);
    tx_.put(slot);
}

void RawVif::post(GrantRef page) {
    u32 const slot = rx_.request_slot();
    posted_[slot].reset();
    rx_.put({.id = static_cast<u16>(slot), .pad = 0, .gref = page.raw()});
}

void RawVif::post_buffer(u32 number) {
    u32 const slot = rx_.request_slot();
    post(buffer(number));
    posted_[slot] = number;
}

void RawVif::post_buffers() {
    for (u32 number = 0; rx_.room() != 0; ++number)
        post_buffer(number % buffer_count);
    publish();
}

void RawVif::publish() {
    static_cast<void>(tx_.publish());
    static_cast<void>(rx_.publish());
    event_.notify();
}

void RawVif::run_ahead(Ring ring, u32 by) {
    auto* const producer = reinterpret_cast<u32*>(shared_[ring].data());
    __atomic_store_n(producer, *producer + by, __ATOMIC_SEQ_CST);
    event_.notify();
    control_event_.notify();
    rt::sleep_for(5 * rt::millisecond);
}

void RawVif::ask_peer() {
    if (tx_.room() == 0)
        return;
    Header const header{.to = device_.peer, .from = device_.mac, .question = ++question_};
    std::memcpy(source_.data(), &header, sizeof header);
    send({.gref = source().raw(), .offset = 0, .flags = 0, .id = 0, .size = least_frame});
    static_cast<void>(tx_.publish());
    event_.notify();
}

void RawVif::hear(netif_tx_response_t const& response) {
    u32& count = response.status == NETIF_RSP_OKAY    ? seen_.sent
                 : response.status == NETIF_RSP_ERROR ? seen_.refused
                                                      : seen_.others;
    ++count;
}

std::span<std::byte const> RawVif::page_of(netif_rx_response_t const& response) const {
    usize const slot = response.id % posted_.size();
    if ((response.flags & backend_pages::is_here) != 0)
        return backend_pages_ ? backend_pages_.bytes().subspan(slot * page_size, page_size)
                              : std::span<std::byte const>{};
    auto const number = posted_[slot];
    return number ? std::span<std::byte const>{buffers_[*number].data(), page_size}
                  : std::span<std::byte const>{};
}

void RawVif::hear(netif_rx_response_t const& response) {
    auto const number = posted_[response.id % posted_.size()];
    if (response.status <= 0) {
        ++seen_.errors;
    } else {
        ++seen_.frames;
        if (auto const header = read_header(page_of(response)))
            seen_.answer = header->question;
    }
    if (number)
        post_buffer(*number);
}

void RawVif::collect() {
    for (u32 count = tx_.available().value_or(0); count != 0; --count)
        hear(tx_.take());
    for (u32 count = rx_.available().value_or(0); count != 0; --count)
        hear(rx_.take());
    publish();
}

// A question may be lost where the peer is asked too much.
bool RawVif::serves() {
    constexpr u32 tries = 5;
    bool answered = false;
    for (u32 i = 0; i < tries && !answered; ++i) {
        ask_peer();
        answered = eventually([this] {
            collect();
            return seen_.answer == question_;
        });
    }
    return answered;
}

bool RawVif::is_cut_off() {
    auto const all = [this] { return seen_.sent + seen_.refused + seen_.frames + seen_.errors; };
    collect();
    u32 const before = all();
    ask_peer();
    rt::sleep_for(20 * rt::millisecond);
    collect();
    return all() == before;
}

Result<xen_netif_ctrl_response> RawVif::request(u16 type, u32 queue, u32 list, u32 entries) {
    control_.put({.id = 7, .type = type, .data = {queue, list, entries}});
    static_cast<void>(control_.publish());
    control_event_.notify();
    if (!eventually([this] { return control_.available().value_or(0) != 0; }))
        return Fail{Errno::timedout};
    return control_.take();
}

std::span<xen_netif_gref> RawVif::list() const {
    return {reinterpret_cast<xen_netif_gref*>(shared_[listed].data()), page_size / sizeof(xen_netif_gref)};
}

Result<> RawVif::declare() {
    std::ranges::transform(buffers_, list().begin(), [](net::GrantedPage const& page) {
        return xen_netif_gref{.ref = page.ref().raw(), .flags = 0, .status = 0};
    });
    auto const answer =
        TRY(request(XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING, 0, list_page().raw(), buffer_count));
    if (answer.status != XEN_NETIF_CTRL_STATUS_SUCCESS)
        return Fail{Errno::inval};
    return {};
}

Result<std::vector<GrantRef>> RawVif::backend_pages() {
    auto const answer = TRY(request(backend_pages::list, 0, list_page().raw(), buffer_count));
    if (answer.status != XEN_NETIF_CTRL_STATUS_SUCCESS)
        return Fail{Errno::opnotsupp};
    std::vector<GrantRef> pages;
    for (auto const& entry : list().first(buffer_count))
        pages.push_back(GrantRef{entry.ref});
    return pages;
}

Result<> RawVif::use_backend_pages() {
    auto const answer = TRY(request(backend_pages::use, 0, 0, 0));
    if (answer.status != XEN_NETIF_CTRL_STATUS_SUCCESS)
        return Fail{Errno::inval};
    return {};
}

Result<> RawVif::map_backend_pages() {
    auto const pages = TRY(backend_pages());
    backend_pages_ = TRY(rt::GrantMapping::map(device_.backend, pages, rt::Access::read_only));
    return use_backend_pages();
}

}  // namespace rogue
