// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

#include "tests/unit/dom0/xenstore/store_client.hpp"

namespace {

using Events = std::vector<std::string>;

std::string event(std::string path, std::string_view token) {
    return path.append(1, '\0').append(token).append(1, '\0');
}

}  // namespace

TEST_CASE("a watch fires once at its start and then for the node and all below it") {
    Store store;
    Client toolstack{store, 0};
    CHECK(toolstack.watch("/a", "t") == "OK");
    CHECK(toolstack.events() == Events{event("/a", "t")});
    toolstack.write("/a/b", "1");
    toolstack.write("/ab", "1");
    CHECK(toolstack.events() == Events{event("/a/b", "t")});
    CHECK(toolstack.watch("/a", "t") == "EEXIST");
}

TEST_CASE("events name paths as the watch was registered") {
    Store store;
    Client toolstack{store, 0}, guest{store, 5};
    toolstack.make("/local/domain/5");
    toolstack.permit("/local/domain/5", "n5");
    guest.watch("control", "token");
    guest.events();
    toolstack.write("/local/domain/5/control/shutdown", "poweroff");
    CHECK(guest.events() == Events{event("control/shutdown", "token")});
}

TEST_CASE("removing a node tells those who watch it or something below it") {
    Store store;
    Client toolstack{store, 0};
    toolstack.write("/a/b/c", "1");
    toolstack.watch("/a/b/c", "deep");
    toolstack.watch("/a", "high");
    toolstack.events();
    toolstack.remove("/a/b");
    auto events = toolstack.events();
    std::ranges::sort(events);
    CHECK(events == Events{event("/a/b", "high"), event("/a/b/c", "deep")});
}

TEST_CASE("changes of a transaction are told when it is committed, not before") {
    Store store;
    Client writer{store, 0}, watcher{store, 0};
    watcher.watch("/a", "t");
    watcher.events();
    auto const transaction = writer.begin();
    writer.write("/a", "1", transaction);
    CHECK(watcher.events().empty());
    writer.commit(transaction);
    CHECK(watcher.events() == Events{event("/a", "t")});
    auto const aborted = writer.begin();
    writer.write("/a", "2", aborted);
    writer.abort(aborted);
    CHECK(watcher.events().empty());
}

TEST_CASE("XS-05 a watch tells nothing about nodes its owner may not read") {
    Store store;
    Client toolstack{store, 0}, guest{store, 1};
    toolstack.make("/secret");
    toolstack.permit("/secret", "n0");
    guest.watch("/", "t");
    guest.events();
    toolstack.write("/secret/a", "1");
    toolstack.remove("/secret/a");
    CHECK(guest.events().empty());
    toolstack.write("/secret/b", "1");
    toolstack.permit("/secret/b", "n0 r1");
    CHECK(guest.events() == Events{event("/secret/b", "t")});
    toolstack.permit("/secret/b", "n0");  // could read it before: may know that it cannot any more
    CHECK(guest.events() == Events{event("/secret/b", "t")});
}

TEST_CASE("XS-05 only the privileged hear of domains coming and going") {
    Store store;
    Client toolstack{store, 0}, guest{store, 1};
    CHECK(guest.watch("@releaseDomain", "t") == "EACCES");
    CHECK(guest.watch("@other", "t") == "EINVAL");
    CHECK(toolstack.watch("@releaseDomain", "t") == "OK");
    toolstack.events();
    store.server.domain_released(DomId{1});
    CHECK(toolstack.events() == Events{event("@releaseDomain", "t")});
}

TEST_CASE("XS-08 watches are counted and RESET_WATCHES forgets them") {
    Store store;
    Client guest{store, 1};
    for (usize i = 0; i < xenstore::quota::watches; ++i)
        REQUIRE(guest.watch("a", std::to_string(i)) == "OK");
    CHECK(guest.watch("a", "one more") == "ENOSPC");
    CHECK(guest.outcome(XS_RESET_WATCHES, {"\0", 1}) == "OK");
    CHECK(guest.watch("a", "one more") == "OK");
    CHECK(guest.outcome(XS_UNWATCH, {"a\0other\0", 8}) == "ENOENT");
}

TEST_CASE("XS-02 a token that could make an event too large is refused") {
    Store store;
    Client guest{store, 1};
    CHECK(guest.watch("a", std::string(1023, 't')) == "E2BIG");
    CHECK(guest.watch("a", std::string(1022, 't')) == "OK");
}

TEST_CASE("XS-11 equal events merge, and a guest that never reads loses only its own") {
    Store store;
    Client toolstack{store, 0}, guest{store, 1};
    toolstack.make("/a");
    toolstack.permit("/a", "r0");
    guest.watch("/a", "t");
    guest.events();
    auto& outbox = guest.session().outbox();
    for (int i = 0; i < 1000; ++i)
        toolstack.write("/a", std::to_string(i));
    CHECK_FALSE(outbox.full());
    for (int i = 0; i < 5000; ++i)
        toolstack.write("/a/" + std::to_string(i), "");
    CHECK(outbox.lost() != 0);
    CHECK(toolstack.read("/a/4999") == "");
}
