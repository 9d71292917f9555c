// SPDX-License-Identifier: MIT
// One client of the store: its half-received request, its watches, its open
// transactions and what waits to be sent to it.
#pragma once

#include <map>
#include <memory>

#include "dom0/xenstore/message.hpp"
#include "dom0/xenstore/outbox.hpp"
#include "dom0/xenstore/transaction.hpp"
#include "dom0/xenstore/watch_list.hpp"

namespace xenstore {

class Session {
  public:
    explicit Session(Caller caller) : caller_{caller} {}

    [[nodiscard]] Caller const& caller() const { return caller_; }
    [[nodiscard]] Assembler& input() { return input_; }
    [[nodiscard]] Outbox& outbox() { return outbox_; }
    [[nodiscard]] WatchList& watches() { return watches_; }

    Result<u32> begin(Tree& tree);
    // The view that a request with this transaction id works on.
    Result<View*> view(Tree& tree, u32 transaction);
    // Ends it; committed or not, it is gone.
    Result<> end(u32 transaction, bool commit);
    [[nodiscard]] usize transactions() const { return transactions_.size(); }

    // As if it had just connected.
    void reset() {
        watches_.clear();
        transactions_.clear();
    }

    void deliver(Change const& change);
    void deliver_special(std::string_view path);

    // The client broke the protocol. It is not listened to any more, until its
    // domain ends.
    void park() { parked_ = true; }
    [[nodiscard]] bool parked() const { return parked_; }

  private:
    WatchList::Fire event_sink();

    Caller caller_;
    Assembler input_;
    Outbox outbox_;
    WatchList watches_;
    std::map<u32, std::unique_ptr<Transaction>> transactions_;
    u32 last_transaction_ = 0;
    bool parked_ = false;
};

}  // namespace xenstore
