// SPDX-License-Identifier: MIT
// What waits to be read by one client. Replies are bounded because no request
// is taken from a client that does not read them; events merge, and beyond the
// bound a client that never reads loses them: its own loss, nobody else's.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "dom0/xenstore/message.hpp"
#include "dom0/xenstore/quota.hpp"

namespace xenstore {

class Outbox {
  public:
    void reply(Message const& message) { push({encode(message), false}); }
    void event(std::string_view path, std::string_view token, bool bounded);

    // The bytes to send next; taken() what of them was sent.
    [[nodiscard]] std::string_view front() const;
    void taken(usize bytes);

    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    [[nodiscard]] bool full() const { return bytes_ >= quota::outstanding_bytes; }
    [[nodiscard]] u64 lost() const { return lost_; }

  private:
    struct Parcel {
        std::string bytes;
        bool is_event;
    };

    void push(Parcel parcel);

    std::deque<Parcel> waiting_;
    usize begun_ = 0;  // bytes of the first parcel that are gone already
    usize bytes_ = 0;
    u64 lost_ = 0;
};

}  // namespace xenstore
