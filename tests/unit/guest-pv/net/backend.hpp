// SPDX-License-Identifier: MIT
// The other side of a frontend's ring, for tests: it sees the page as a
// backend does and may do to it whatever a hostile one would.
#pragma once

#include <array>
#include <cstring>
#include <span>
#include <vector>

#include "guest-pv/net/buffer.hpp"
#include "kernel/base/types.hpp"

namespace net {

template <class Request, class Response, usize slots>
class Backend {
  public:
    Backend() : memory(slots * page_size) {
        for (u32 slot = 0; slot < slots; slot++)
            buffers[slot] = {.page = memory.data() + slot * page_size, .ref = GrantRef{slot + 100}};
    }

    u32& req_prod() { return word(0); }
    u32& req_event() { return word(1); }
    u32& rsp_prod() { return word(2); }
    u32& rsp_event() { return word(3); }

    Request request(u32 index) {
        Request request;
        std::memcpy(&request, slot(index), sizeof request);
        return request;
    }

    template <class Any>
    void respond(Any const& response) {
        static_assert(sizeof(Any) <= sizeof(Response));
        std::memcpy(slot(rsp_prod()), &response, sizeof response);
        rsp_prod()++;
    }

    alignas(page_size) std::array<std::byte, page_size> page{};
    std::vector<std::byte> memory;
    std::array<Buffer, slots> buffers;

  private:
    static constexpr usize slot_bytes = std::max(sizeof(Request), sizeof(Response));
    u32& word(usize index) { return reinterpret_cast<u32*>(page.data())[index]; }
    std::byte* slot(u32 index) { return page.data() + 64 + index % slots * slot_bytes; }
};

}  // namespace net
