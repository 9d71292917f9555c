// SPDX-License-Identifier: MIT
// The backend's end of a shared ring. The page belongs to the guest, which may
// write anything there at any time: indexes of ours are kept privately, every
// slot is copied out once, and a producer that runs away is an error.
#pragma once

#include <cstring>
#include <utility>

#include "drivers/io/once.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace netback {

// Layout of the page (xen/io/ring.h): four indexes, padding, then slots.
struct SharedIndexes {
    u32 req_prod;
    u32 req_event;
    u32 rsp_prod;
    u32 rsp_event;
    u8 pad[48];
};
static_assert(sizeof(SharedIndexes) == 64);

template <class Request, class Response>
class BackRing {
    union Slot {
        Request request;
        Response response;
    };

  public:
    static constexpr u32 size = [] {
        u32 slots = 1;
        while ((slots * 2) * sizeof(Slot) <= page_size - sizeof(SharedIndexes))
            slots *= 2;
        return slots;
    }();

    // A guest that reconnects continues where the ring stands.
    explicit BackRing(std::byte* page)
        : shared_{reinterpret_cast<SharedIndexes*>(page)},
          slots_{reinterpret_cast<Slot*>(page + sizeof(SharedIndexes))},
          consumed_{io::load_once(shared_->rsp_prod)},
          produced_{consumed_} {}

    // Requests not yet consumed. Errno::range: more than can ever be there.
    Result<u32> pending() const {
        u32 const producer = io::load_once(shared_->req_prod);
        if (producer - produced_ > size)
            return Fail{Errno::range};
        return producer - consumed_;
    }

    // A private copy of the request `ahead` of the next one; the caller has
    // seen with pending() that it is there.
    void peek(u32 ahead, Request& into) const {
        std::memcpy(static_cast<void*>(&into), &slots_[(consumed_ + ahead) % size], sizeof into);
        asm volatile("" : : "g"(&into) : "memory");  // what was copied is what will be looked at
    }
    void consume(u32 count) { consumed_ += count; }
    // The last `count` again, as if never consumed.
    void unconsume(u32 count) { consumed_ -= count; }

    // One response for a consumed request, in order.
    void respond(Response const& response) {
        std::memcpy(static_cast<void*>(&slots_[produced_ % size]), &response, sizeof response);
        ++produced_;
    }

    void show() {
        published_ = produced_;
        io::store_once(shared_->rsp_prod, produced_);
        io::full_barrier();
    }
    // Shows the responses. True when the guest asked to hear of one of them.
    [[nodiscard]] bool publish() {
        u32 const before = published_;
        show();
        u32 const event = io::load_once(shared_->rsp_event);
        return produced_ - event < produced_ - before;
    }

    // The number of the request that is taken next, and that the next response has.
    [[nodiscard]] u32 consumed() const { return consumed_; }
    [[nodiscard]] u32 produced() const { return produced_; }
    // Whether the guest has looked at this response, for all it says: it waits for a
    // later one, or has used its place again.
    [[nodiscard]] bool looked_at(u32 response) const {
        u32 const awaits = io::load_once(shared_->rsp_event) - response;
        u32 const posted = io::load_once(shared_->req_prod) - response;
        return (awaits > 1 && awaits <= size) || (posted > size && posted <= 2 * size);
    }

    // What has been shown and the guest, for all it says, has not seen: how many
    // responses from the one on that it wants to hear of.
    struct Unseen {
        u32 asked = 0;
        u32 ready = 0;
    };
    [[nodiscard]] Unseen unseen() const {
        u32 const event = io::load_once(shared_->rsp_event);
        u32 const ready = published_ - event + 1;
        return {event, ready <= size ? ready : 0};
    }

    // Asks for an event when `count` requests are there. Returns whether they
    // are already: then there will be no event.
    Result<bool> expect(u32 count) {
        io::store_once(shared_->req_event, consumed_ + count);
        io::full_barrier();
        return TRY(pending()) >= count;
    }

  private:
    SharedIndexes* shared_;
    Slot* slots_;
    u32 consumed_;  // requests taken
    u32 produced_;  // responses written
    u32 published_ = produced_;
};

}  // namespace netback
