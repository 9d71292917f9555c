// SPDX-License-Identifier: MIT
// One ring to xenstore and what travels on it: requests go out whole, one
// after the other; a thread of its own reads replies and watch events and
// hands each to whom it belongs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "guest-pv/rt/byte_ring.hpp"
#include "guest-pv/rt/thread/mutex.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"
#include "kernel/abi/xenstore.hpp"

namespace rt::xenbus {

class Transport {
  public:
    Transport(xenstore_domain_interface& ring, std::function<void()> notify);

    // The thread keeps its transport alive until close() let it end.
    static void start(std::shared_ptr<Transport> self);
    void close();

    // Sends `pieces` as one payload and waits for the reply's.
    Result<std::string> request(xsd_sockmsg_type type, TransactionId in,
                                std::span<std::string_view const> pieces);
    void ring_moved() { moved_.wake_all(); }

    std::string add(Watch& watch);
    void remove(std::string const& token) { watches_.erase(token); }

  private:
    struct Pending {
        WaitQueue waiter;
        bool answered = false;
        u32 type = 0;
        std::string payload;
    };

    void receive();
    bool read_exactly(std::span<char> into);
    Result<> write_all(std::span<char const> bytes);
    Result<> send(xsd_sockmsg const& header, std::span<std::string_view const> pieces);
    void dispatch(xsd_sockmsg const& header, std::string payload);
    void deliver_event(std::string_view payload);
    void break_off();

    ByteRing requests_;
    ByteRing replies_;
    std::function<void()> notify_;
    WaitQueue moved_;
    Mutex sending_;
    bool closed_ = false;
    u32 next_id_ = 1;
    std::map<u32, Pending*> pending_;
    std::map<std::string, Watch*> watches_;
};

}  // namespace rt::xenbus
