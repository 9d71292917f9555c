// SPDX-License-Identifier: MIT
// The frontend's half of a shared ring: one page, written by both sides,
// whose other side is not trusted. Its indices are kept privately, what the
// backend writes is read once, and a response index that promises more than
// was asked for is an error for good.
//
//     0  req_prod   4  req_event   8  rsp_prod   12  rsp_event   64  slots
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace net {

template <class Request, class Response>
class FrontRing {
    struct Page {
        u32 req_prod, req_event, rsp_prod, rsp_event;
        u32 reserved[12];
        std::byte slots[page_size - 64];
    };
    static_assert(sizeof(Page) == page_size);
    static constexpr usize slot_bytes = std::max(sizeof(Request), sizeof(Response));

  public:
    static constexpr u32 size = std::bit_floor(static_cast<u32>(sizeof(Page::slots) / slot_bytes));

    // `page` is zeroed memory of a page, and not yet known to the backend.
    explicit FrontRing(std::byte* page) : page_{*reinterpret_cast<Page*>(page)} {
        page_.req_event = 1;
        page_.rsp_event = 1;
    }

    // Requests that the backend has not answered yet.
    [[nodiscard]] u32 outstanding() const { return req_prod_ - rsp_cons_; }
    [[nodiscard]] u32 room() const { return size - outstanding(); }
    // Slot of the next request and of the next response.
    [[nodiscard]] u32 request_slot() const { return req_prod_ % size; }
    [[nodiscard]] u32 response_slot() const { return rsp_cons_ % size; }

    // There must be room.
    void put(Request const& request) { std::memcpy(slot(req_prod_++), &request, sizeof request); }

    // Make all requests visible; true when the backend asked to hear of them.
    [[nodiscard]] bool publish() {
        u32 const before = published_;
        published_ = req_prod_;
        __atomic_store_n(&page_.req_prod, req_prod_, __ATOMIC_SEQ_CST);
        u32 const event = __atomic_load_n(&page_.req_event, __ATOMIC_SEQ_CST);
        return req_prod_ - event < req_prod_ - before;
    }

    // How many responses wait to be taken.
    Result<u32> available() const {
        u32 const waiting = __atomic_load_n(&page_.rsp_prod, __ATOMIC_SEQ_CST) - rsp_cons_;
        if (waiting > published_ - rsp_cons_)
            return Fail{Errno::io};
        return waiting;
    }

    // A private copy; there must be one.
    Response take() {
        Response response;
        std::memcpy(&response, slot(rsp_cons_++), sizeof response);
        // Nothing decided on this copy may be decided again on the original.
        asm volatile("" : "+m"(response));
        return response;
    }

    // Ask to hear of the next response. True when it has come already and no
    // event will tell of it.
    [[nodiscard]] bool listen() {
        __atomic_store_n(&page_.rsp_event, rsp_cons_ + 1, __ATOMIC_SEQ_CST);
        return __atomic_load_n(&page_.rsp_prod, __ATOMIC_SEQ_CST) != rsp_cons_;
    }

  private:
    std::byte* slot(u32 index) { return page_.slots + index % size * slot_bytes; }

    Page& page_;
    u32 req_prod_ = 0;
    u32 published_ = 0;
    u32 rsp_cons_ = 0;
};

}  // namespace net
