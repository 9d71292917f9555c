// SPDX-License-Identifier: MIT
#include "dom0/net/netback/card_rx.hpp"

#include <algorithm>

#include "dom0/net/trail/card.hpp"

namespace netback {

Result<bool> CardRx::flush() {
    answer();
    TRY_VOID(post());
    answer_refused();
    return publish();
}

bool CardRx::drain() {
    answer();
    return publish();
}

bool CardRx::publish() {
    pages_.settle();
    return ring_.publish();
}

Result<> CardRx::post() {
    for (u32 left = std::min(TRY(ring_.pending()), queue_.room()); left != 0;) {
        u32 const count = std::min(left, CardPages::batch);
        post_batch(count);
        left -= count;
    }
    return {};
}

void CardRx::post_batch(u32 count) {
    for (u32 i = 0; i < count; ++i) {
        netif_rx_request_t request;
        ring_.peek(i, request);
        refs_[i] = GrantRef{request.gref};
        slots_[(first_ + count_ + i) % Ring::size].id = request.id;
    }
    // Each request gets the response of its number.
    pages_.lend(ring_.consumed(), std::span{refs_}.first(count), lent_);
    ring_.consume(count);
    u32 posted = 0;
    for (u32 i = 0; i < count; ++i) {
        slots_[(first_ + count_++) % Ring::size].page = lent_[i];
        if (lent_[i])
            at_[posted++] = lent_[i]->at;
    }
    with_card_ += posted;
    if (posted != 0)
        queue_.post(std::span{at_}.first(posted));
}

void CardRx::answer() {
    for (u32 count = batch; count > batch - nic::most_buffers;) {
        count = take_completed();
        for (u32 at = 0; at < count;) {
            u32 pages = 1;
            while (!filled_[at + pages - 1].end_of_frame && at + pages < count)
                ++pages;
            answer_frame(std::span{filled_}.subspan(at, pages));
            at += pages;
        }
    }
}

u32 CardRx::take_completed() {
    return net::trail::watch_receive([this] { return queue_.places(); },
                                     [this] { return queue_.completed(filled_); });
}

void CardRx::answer_frame(std::span<nic::Filled const> pages) {
    bool const valid = pages.back().checksum == nic::Checksum::valid;
    u16 const all = pages_.flags();
    auto flags = static_cast<u16>(valid ? NETRXF_data_validated : 0);
    u32 bytes = 0;
    for (nic::Filled const& page : pages) {
        u16 const more = &page != &pages.back() ? NETRXF_more_data : 0;
        answer_slot(page, static_cast<u16>(all | flags | more));
        flags = 0;
        bytes += page.length;
    }
    if (bytes == 0)
        return counters_.drop(Drop::damaged);
    counters_.rx_tcp += pages.back().tcp ? 1 : 0;
    ++counters_.rx_packets;
    counters_.rx_bytes += bytes;
}

void CardRx::answer_slot(nic::Filled const& filled, u16 flags) {
    answer_refused();
    Slot const slot = take_oldest();
    --with_card_;
    pages_.take_back(*slot.page);
    bool const good = filled.length != 0;
    ring_.respond(
        {slot.id, 0, good ? flags : u16{0}, good ? static_cast<s16>(filled.length) : s16{NETIF_RSP_ERROR}});
}

// Those at the front, whose turn it is.
void CardRx::answer_refused() {
    while (count_ != 0 && !oldest().page) {
        counters_.drop(Drop::grant_refused);
        ring_.respond({take_oldest().id, 0, 0, NETIF_RSP_ERROR});
    }
}

auto CardRx::take_oldest() -> Slot {
    Slot const slot = oldest();
    ++first_;
    --count_;
    return slot;
}

Result<bool> CardRx::arm() {
    bool const filled = queue_.arm();
    bool const hungry = with_card_ < few && queue_.room() != 0;
    return (hungry && TRY(ring_.expect(1))) || filled;
}

bool CardRx::finish(Result<u32> const& unfilled) {
    answer();
    if (!unfilled)
        lose_all();
    ring_.unconsume(count_);
    while (count_ != 0)
        if (Slot const slot = take_oldest(); slot.page)
            pages_.take_back(*slot.page);
    with_card_ = 0;
    return publish();
}

// The guest gets them back all the same, as pages that hold nothing: what the
// card may still write to is its own memory, or ours that is for nobody else.
void CardRx::lose_all() {
    while (count_ != 0) {
        Slot const slot = take_oldest();
        if (slot.page)
            pages_.lose(*slot.page);
        ring_.respond({slot.id, 0, 0, NETIF_RSP_ERROR});
    }
}

}  // namespace netback
