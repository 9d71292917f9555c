// SPDX-License-Identifier: MIT
// The wire protocol as a client sees it.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

#include "dom0/xenstore/fields.hpp"
#include "tests/unit/dom0/xenstore/store_client.hpp"

TEST_CASE("what is written can be read, and parents come into being") {
    Store store;
    Client toolstack{store, 0};
    CHECK(toolstack.write("/local/domain/5/name", "web") == "OK");
    CHECK(toolstack.read("/local/domain/5/name") == "web");
    CHECK(toolstack.read("/local/domain") == "");
    CHECK(toolstack.outcome(XS_DIRECTORY, {"/local/domain\0", 14}) == "5");
    CHECK(toolstack.read("/local/domain/6") == "ENOENT");
}

TEST_CASE("relative paths lie below the caller's home") {
    Store store;
    Client toolstack{store, 0}, guest{store, 5};
    toolstack.make("/local/domain/5");
    toolstack.permit("/local/domain/5", "n5");
    CHECK(guest.write("data/a", "1") == "OK");
    CHECK(toolstack.read("/local/domain/5/data/a") == "1");
}

TEST_CASE("removing is idempotent where the parent exists") {
    Store store;
    Client toolstack{store, 0};
    toolstack.write("/a/b", "1");
    CHECK(toolstack.remove("/a/b") == "OK");
    CHECK(toolstack.remove("/a/b") == "OK");
    CHECK(toolstack.remove("/a/x/y") == "ENOENT");
    CHECK(toolstack.remove("/") == "EINVAL");
}

TEST_CASE("a reply repeats the request's numbers") {
    Store store;
    Client toolstack{store, 0};
    toolstack.send(xenstore::encode({XS_READ, 77, 0, std::string{"/\0", 2}}));
    auto const reply = toolstack.receive();
    CHECK(reply.type == XS_READ);
    CHECK(reply.request == 77);
}

TEST_CASE("XS-02 an unknown request gets an error reply") {
    Store store;
    Client guest{store, 1};
    CHECK(guest.outcome(999, "") == "ENOSYS");
    CHECK(guest.outcome(XS_CONTROL, "") == "ENOSYS");
    CHECK(guest.outcome(XS_READ, "no terminator") == "EINVAL");
    CHECK(guest.outcome(XS_READ, {"/\0/\0", 4}) == "EINVAL");
}

TEST_CASE("XS-02 messages may arrive byte by byte") {
    Store store;
    Client toolstack{store, 0};
    for (char const c : xenstore::encode({XS_WRITE, 1, 0, std::string{"/a\0value", 8}}))
        toolstack.send({&c, 1});
    CHECK(toolstack.receive().payload == std::string_view{"OK\0", 3});
    CHECK(toolstack.read("/a") == "value");
}

TEST_CASE("XS-02 a header that announces too much ends the conversation") {
    Store store;
    Client guest{store, 1}, other{store, 0};
    xsd_sockmsg const header{.type = XS_READ, .req_id = 1, .tx_id = 0, .len = XENSTORE_PAYLOAD_MAX + 1};
    guest.send({reinterpret_cast<char const*>(&header), sizeof header});
    CHECK(guest.session().parked());
    CHECK(other.write("/a", "1") == "OK");
}

TEST_CASE("XS-02 a list too long for one reply is refused and can be fetched in parts") {
    Store store;
    Client toolstack{store, 0};
    std::set<std::string> names;
    for (int i = 0; i < 300; ++i) {
        auto const name = "a-child-with-a-long-name-" + std::to_string(i);
        names.insert(name);
        toolstack.write("/list/" + name, "");
    }
    CHECK(toolstack.outcome(XS_DIRECTORY, {"/list\0", 6}) == "E2BIG");

    std::set<std::string> fetched;
    usize offset = 0;
    for (bool more = true; more;) {
        auto payload = std::string{"/list"}.append(1, '\0').append(std::to_string(offset)).append(1, '\0');
        auto const part = toolstack.ask(XS_DIRECTORY_PART, payload).payload;
        REQUIRE(part.size() <= XENSTORE_PAYLOAD_MAX);
        xenstore::Fields fields{part};
        REQUIRE(fields.next());  // the generation
        while (auto const name = fields.next()) {
            if (name->empty())
                more = false;
            else
                fetched.insert(std::string{*name});
            offset += name->size() + 1;
        }
    }
    CHECK(fetched == names);
}

TEST_CASE("domains are introduced and released by the toolstack alone") {
    Store store;
    Client toolstack{store, 0}, guest{store, 5};
    std::string_view const introduction{"5\0001234\0003\0", 9};
    CHECK(guest.outcome(XS_INTRODUCE, introduction) == "EACCES");
    CHECK(guest.outcome(XS_RELEASE, {"5\0", 2}) == "EACCES");
    CHECK(toolstack.outcome(XS_IS_DOMAIN_INTRODUCED, {"5\0", 2}) == "F");
    CHECK(toolstack.outcome(XS_INTRODUCE, introduction) == "OK");
    CHECK(toolstack.outcome(XS_IS_DOMAIN_INTRODUCED, {"5\0", 2}) == "T");
    CHECK(toolstack.outcome(XS_INTRODUCE, introduction) == "EEXIST");
    CHECK(toolstack.outcome(XS_RELEASE, {"5\0", 2}) == "OK");
    CHECK(toolstack.outcome(XS_RELEASE, {"5\0", 2}) == "ENOENT");
    CHECK(guest.outcome(XS_GET_DOMAIN_PATH, {"7\0", 2}) == "/local/domain/7");
}

TEST_CASE("XS-01 impossible indexes park one connection and disturb no other") {
    Store store;
    Client guest{store, 1}, other{store, 0};
    guest.ring.req_prod = guest.ring.req_cons + XENSTORE_RING_SIZE + 1;
    guest.serve();
    CHECK(guest.session().parked());
    CHECK(other.write("/a", "1") == "OK");

    Client reader{store, 2};
    reader.ring.rsp_cons = reader.ring.rsp_prod + 1;
    reader.serve();
    CHECK(reader.session().parked());
}

TEST_CASE("XS-11 a guest that reads no replies is not served beyond its bound") {
    Store store;
    Client toolstack{store, 0}, guest{store, 1};
    toolstack.write("/big", std::string(2000, 'x'));
    toolstack.permit("/big", "n0 r1");
    auto const request = xenstore::encode({XS_READ, 1, 0, std::string{"/big\0", 5}});
    for (int i = 0; i < 1000; ++i) {
        for (char const c : request) {
            if (guest.ring.req_prod - guest.ring.req_cons != XENSTORE_RING_SIZE)
                guest.ring.req[MASK_XENSTORE_IDX(guest.ring.req_prod++)] = c;
        }
        guest.serve();
    }
    CHECK(guest.session().outbox().full());
    CHECK(guest.session().input().room() <= sizeof(xsd_sockmsg) + XENSTORE_PAYLOAD_MAX);
    CHECK(toolstack.read("/big").size() == 2000);
}
