// SPDX-License-Identifier: MIT
// The kit's xenstore client against a store of the test's own, in the same
// guest and over a ring page in memory: requests of several threads at once,
// messages that wrap around the ring, errors, transactions, watches, and a
// server that breaks the protocol.
#include <map>
#include <string>

#include "guest-pv/rt/byte_ring.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace std::string_view_literals;
using rt::xenbus::Connection;
using rt::xenbus::TransactionId;

rt::Pages make_page() {
    auto page = rt::Pages::allocate();
    NEED(page);
    return std::move(*page);
}

// Enough of a store for this test: values, and one watch.
class Server {
  public:
    Server() {
        rt::spawn("server", [this] { serve(); });
    }

    Connection& client() { return client_; }

    void send(u32 type, u32 id, std::string_view payload) {
        xsd_sockmsg const header{
            .type = type, .req_id = id, .tx_id = 0, .len = static_cast<u32>(payload.size())};
        send_raw({reinterpret_cast<char const*>(&header), sizeof header});
        send_raw(payload);
    }

    void send_raw(std::span<char const> bytes) {
        rt::ByteRing replies{ring().rsp, ring().rsp_cons, ring().rsp_prod};
        while (!bytes.empty()) {
            usize const count = replies.put(bytes);
            bytes = bytes.subspan(count);
            client_.ring_moved();
            if (count == 0)
                moved_.wait();
        }
    }

    unsigned conflicts = 0;  // commits still to be refused

  private:
    xenstore_domain_interface& ring() { return *page_.as<xenstore_domain_interface>(); }

    void serve() {
        for (;;) {
            xsd_sockmsg header;
            read({reinterpret_cast<char*>(&header), sizeof header});
            std::string payload(header.len, '\0');
            read(payload);
            answer(header, payload);
        }
    }

    void answer(xsd_sockmsg const& header, std::string const& payload) {
        std::string const path = payload.substr(0, payload.find('\0'));
        auto const rest = std::string_view{payload}.substr(std::min(payload.size(), path.size() + 1));
        auto const reply = [&](std::string_view text) { send(header.type, header.req_id, text); };
        auto const fail = [&](std::string_view name) { send(XS_ERROR, header.req_id, name); };
        switch (header.type) {
            case XS_READ:
                return values_.contains(path) ? reply(values_[path]) : fail("ENOENT\0"sv);
            case XS_WRITE:
                values_[path] = rest;
                return reply("OK\0"sv);
            case XS_DIRECTORY:
                return reply("one\0two\0"sv);
            case XS_TRANSACTION_START:
                return reply("7\0"sv);
            case XS_TRANSACTION_END:
                if (payload[0] == 'T' && conflicts > 0 && conflicts-- > 0)
                    return fail("EAGAIN\0"sv);
                return reply("OK\0"sv);
            case XS_WATCH:
                reply("OK\0"sv);
                return send(XS_WATCH_EVENT, 0, payload);
            default:
                return reply("OK\0"sv);
        }
    }

    void read(std::span<char> into) {
        rt::ByteRing requests{ring().req, ring().req_cons, ring().req_prod};
        while (!into.empty()) {
            usize const count = requests.take(into);
            into = into.subspan(count);
            if (count > 0)
                client_.ring_moved();
            else
                moved_.wait();
        }
    }

    rt::Pages page_ = make_page();
    rt::WaitQueue moved_;
    Connection client_{ring(), [this] { moved_.wake_all(); }};
    std::map<std::string, std::string> values_;
};

void values_are_written_and_read(Connection& store) {
    CHECK(store.write("a/b", "text"));
    CHECK(store.read("a/b").value_or("") == "text");
    CHECK(store.write("a/b", ""));
    CHECK(store.read("a/b").value_or("?").empty());
    auto const names = store.directory("a");
    NEED(names && names->size() == 2);
    CHECK((*names)[1] == "two");
}

void errors_keep_their_meaning(Connection& store) {
    auto const missing = store.read("missing");
    CHECK(!missing && missing.error() == Errno::noent);
    auto const large = store.write("a", std::string(XENSTORE_PAYLOAD_MAX, 'x'));
    CHECK(!large && large.error() == Errno::toobig);
}

// Each message is larger than the ring, so all of them wait in the middle.
void threads_get_their_own_replies(Connection& store) {
    constexpr int threads = 8;
    int finished = 0;
    int right = 0;
    rt::WaitQueue done;
    for (int thread = 0; thread < threads; thread++)
        rt::spawn("client", [&, thread] {
            std::string const key = "key/" + std::to_string(thread);
            for (usize length : {1, 1500, 4000}) {
                std::string const value(length, static_cast<char>('a' + thread));
                right += store.write(key, value) && store.read(key).value_or("") == value ? 1 : 0;
            }
            if (++finished == threads)
                done.wake_all();
        });
    done.wait();
    CHECK(right == threads * 3);
}

void a_conflict_runs_the_transaction_again(Server& server) {
    server.conflicts = 3;
    int runs = 0;
    CHECK(server.client().transact([&](TransactionId id) -> Result<> {
        CHECK(id == TransactionId{7});
        runs++;
        return {};
    }));
    CHECK(runs == 4);
    auto const refused = server.client().transact([](TransactionId) -> Result<> { return Fail{Errno::dom}; });
    CHECK(!refused && refused.error() == Errno::dom);
}

void watches_hear_of_their_own_paths(Connection& store) {
    auto const one = store.watch("one");
    auto const two = store.watch("two");
    NEED(one && two);
    CHECK((*two)->wait(rt::now() + rt::second).value_or("") == "two");
    CHECK((*one)->wait(rt::now() + rt::second).value_or("") == "one");
    CHECK(!(*one)->wait(rt::now() + rt::millisecond));
}

void a_message_that_cannot_be_ends_the_connection(Server& server) {
    // Nobody asked for these; they are dropped.
    server.send(XS_READ, 4711, "unasked");
    server.send(XS_WATCH_EVENT, 0, "path\0unknown token\0"sv);
    server.send(XS_WATCH_EVENT, 0, "no zero at all");
    CHECK(server.client().write("still", "there"));
    xsd_sockmsg const impossible{.type = XS_READ, .req_id = 1, .tx_id = 0, .len = XENSTORE_PAYLOAD_MAX + 1};
    server.send_raw({reinterpret_cast<char const*>(&impossible), sizeof impossible});
    auto const after = server.client().read("still");
    CHECK(!after && after.error() == Errno::io);
}

}  // namespace

int main() {
    static Server server;
    values_are_written_and_read(server.client());
    errors_keep_their_meaning(server.client());
    threads_get_their_own_replies(server.client());
    a_conflict_runs_the_transaction_again(server);
    watches_hear_of_their_own_paths(server.client());
    a_message_that_cannot_be_ends_the_connection(server);
    return verdict::finish();
}
