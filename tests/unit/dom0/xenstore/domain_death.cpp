// SPDX-License-Identifier: MIT
// What is left when a domain is gone.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <pthread.h>
#include <stdexcept>

#include "tests/unit/dom0/xenstore/store_client.hpp"

TEST_CASE("XS-07 the death of a domain takes its nodes, rights and debts with it") {
    Store store;
    Client toolstack{store, 0};
    toolstack.make("/shared");
    toolstack.permit("/shared", "b0");
    toolstack.write("/other", "1");
    auto const nodes = store.server.tree().size();
    for (int life = 0; life < 1000; ++life) {
        Client guest{store, 1};
        toolstack.permit("/other", "n0 r1");
        REQUIRE(guest.read("/other") == "1");
        REQUIRE(guest.write("/shared/a/b/c", "x") == "OK");
        guest.watch("/shared", "t");
        guest.write("/shared/in", "x", guest.begin());
        guest.disconnect();
        store.server.domain_released(DomId{1});
        REQUIRE(store.server.tree().size() == nodes);
        REQUIRE(store.server.tree().usage(DomId{1}) == xenstore::Usage{});
    }
    Client next{store, 1};
    CHECK(next.read("/other") == "EACCES");
    CHECK(store.server.tree().audit());
}

namespace {

// Where a call for each level of the deepest tree has no room.
void on_small_stack(void (*work)()) {
    constexpr usize bytes = 48 * 1024;
    pthread_attr_t attributes;
    pthread_t thread;
    REQUIRE(pthread_attr_init(&attributes) == 0);
    REQUIRE(pthread_attr_setstacksize(&attributes, bytes) == 0);
    auto const run = [](void* what) -> void* {
        reinterpret_cast<void (*)()>(what)();
        return nullptr;
    };
    REQUIRE(pthread_create(&thread, &attributes, run, reinterpret_cast<void*>(work)) == 0);
    CHECK(pthread_join(thread, nullptr) == 0);
    pthread_attr_destroy(&attributes);
}

void remove_deepest_tree() {
    Store store;
    Client toolstack{store, 0};
    std::string path;
    for (usize depth = 0; depth < XENSTORE_ABS_PATH_MAX / 2; ++depth)
        path += "/d";
    REQUIRE(toolstack.write(path, "deep") == "OK");
    CHECK(toolstack.remove("/d") == "OK");
    CHECK(store.server.tree().size() == 1);
    CHECK(store.server.tree().audit());
    // And the store's own end.
    REQUIRE(toolstack.write(path, "deep") == "OK");
}

}  // namespace

TEST_CASE("XS-10 the deepest legal tree is removed without recursion") {
    on_small_stack(remove_deepest_tree);
}

TEST_CASE("XS-12 a domain may go in the middle of its request") {
    Store store;
    Client toolstack{store, 0};
    auto const request = xenstore::encode({XS_WRITE, 1, 0, std::string{"/a\0value", 8}});
    for (usize cut = 0; cut <= request.size(); ++cut) {
        Client guest{store, 1};
        guest.watch("/", "t");
        guest.send(std::string_view{request}.substr(0, cut));
        guest.disconnect();
        store.server.domain_released(DomId{1});
        store.server.domain_released(DomId{1});
        REQUIRE(toolstack.write("/alive", std::to_string(cut)) == "OK");
    }
    CHECK(store.server.tree().audit());
}
