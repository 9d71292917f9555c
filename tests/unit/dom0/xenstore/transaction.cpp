// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>
#include <stdexcept>

#include "tests/unit/dom0/xenstore/store_client.hpp"

TEST_CASE("a transaction sees its own changes and nobody else does") {
    Store store;
    Client a{store, 0}, b{store, 0};
    a.write("/x", "old");
    auto const in = a.begin();
    CHECK(a.write("/x", "new", in) == "OK");
    CHECK(a.read("/x", in) == "new");
    CHECK(b.read("/x") == "old");
    CHECK(a.commit(in) == "OK");
    CHECK(b.read("/x") == "new");
    CHECK(a.commit(in) == "ENOENT");
}

TEST_CASE("XS-09 a conflict undoes all of a transaction") {
    Store store;
    Client a{store, 0}, b{store, 0};
    a.write("/x", "0");
    auto const in = a.begin();
    a.read("/x", in);
    a.write("/y", "1", in);
    a.write("/z/deep", "1", in);
    b.write("/x", "1");
    CHECK(a.commit(in) == "EAGAIN");
    CHECK(b.read("/y") == "ENOENT");
    CHECK(b.read("/z") == "ENOENT");
    CHECK(store.server.tree().audit());
}

TEST_CASE("XS-09 transactions over different nodes do not disturb each other") {
    Store store;
    Client a{store, 0}, b{store, 0};
    a.write("/a/value", "0");
    a.write("/b/value", "0");
    auto const one = a.begin(), other = b.begin();
    a.write("/a/value", "1", one);
    b.write("/b/value", "1", other);
    CHECK(a.commit(one) == "OK");
    CHECK(b.commit(other) == "OK");
}

TEST_CASE("XS-09 a node that was missed counts as seen") {
    Store store;
    Client a{store, 0}, b{store, 0};
    auto const in = a.begin();
    CHECK(a.read("/new", in) == "ENOENT");
    b.write("/new", "1");
    a.write("/other", "1", in);
    CHECK(a.commit(in) == "EAGAIN");
}

TEST_CASE("XS-09 a transaction bound to fail may see nodes of different times and survives") {
    Store store;
    Client a{store, 0}, b{store, 0};
    a.write("/p/q/old", "1");
    auto const in = a.begin();
    a.write("/p/q/new", "1", in);  // holds /p/q as it is now
    b.write("/p/q/later", "1");
    b.remove("/p/q/old");
    CHECK(a.remove("/p/q/later", in) == "OK");
    CHECK(a.remove("/p/q", in) == "OK");
    CHECK(a.commit(in) == "EAGAIN");

    auto const orphan = a.begin();
    a.write("/p/q/later", "2", orphan);
    b.remove("/p");
    CHECK(a.remove("/p/q/later", orphan) == "OK");
    CHECK(a.commit(orphan) == "EAGAIN");
    CHECK(store.server.tree().audit());
}

TEST_CASE("XS-08 transactions are counted, and so is what one of them touches") {
    Store store;
    Client guest{store, 1};
    for (usize i = 0; i < xenstore::quota::transactions; ++i)
        guest.begin();
    CHECK(guest.outcome(XS_TRANSACTION_START, {"\0", 1}) == "ENOSPC");
    guest.outcome(XS_RESET_WATCHES, {"\0", 1});
    auto const in = guest.begin();
    std::string last;
    for (int i = 0; i < 1100; ++i)
        last = guest.read("/" + std::to_string(i), in);
    CHECK(last == "ENOSPC");
}

TEST_CASE("XS-08 while there is no memory for guests they keep what they have and get no more") {
    Store store;
    Client toolstack{store, 0}, guest{store, 1};
    toolstack.make("/local/domain/1");
    toolstack.permit("/local/domain/1", "n1");
    guest.write("a", "1");
    u32 const begun = guest.begin();
    guest.write("b", "2", begun);
    store.domains.memory = false;
    CHECK(guest.write("a", "2") == "ENOMEM");
    CHECK(guest.make("c") == "ENOMEM");
    CHECK(guest.watch("a", "token") == "ENOMEM");
    CHECK(guest.permit("a", "n1 r2") == "ENOMEM");
    CHECK(guest.outcome(XS_TRANSACTION_START, {"\0", 1}) == "ENOMEM");
    CHECK(guest.read("a", begun) == "ENOMEM");
    CHECK(guest.commit(begun) == "OK");
    CHECK(guest.read("a") == "1");
    CHECK(guest.remove("b") == "OK");
    CHECK(toolstack.write("/local/domain/1/d", "3") == "OK");
    store.domains.memory = true;
    CHECK(guest.write("a", "2") == "OK");
}

TEST_CASE("XS-08 quotas hold in and out of transactions and are undone on failure") {
    Store store;
    Client toolstack{store, 0}, guest{store, 1};
    toolstack.make("/home");
    toolstack.permit("/home", "n1");
    CHECK(guest.write("/home/big", std::string(xenstore::quota::node_bytes + 1, 'x')) == "ENOSPC");
    auto const in = guest.begin();
    CHECK(guest.write("/home/big", std::string(xenstore::quota::node_bytes + 1, 'x'), in) == "ENOSPC");
    for (usize i = 1; i < 400; ++i)
        REQUIRE(guest.make("/home/in" + std::to_string(i), in) == "OK");
    for (usize i = 1; i < xenstore::quota::nodes; ++i)
        REQUIRE(guest.make("/home/" + std::to_string(i)) == "OK");
    CHECK(guest.make("/home/more") == "ENOSPC");
    CHECK(guest.commit(in) != "OK");
    CHECK(guest.remove("/home/1") == "OK");
    CHECK(guest.make("/home/a/b") == "ENOSPC");  // needs two
    CHECK(guest.read("/home/a") == "ENOENT");
    CHECK(guest.make("/home/more") == "OK");
    CHECK(store.server.tree().audit());
}

namespace {

// The store as a map; what a reader outside of transactions must see.
using Model = std::map<std::string, std::string>;

void write(Model& model, std::string const& path, std::string const& value) {
    for (auto slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
        model.try_emplace(path.substr(0, slash));
    model[path] = value;
}

void remove(Model& model, std::string const& path) {
    std::erase_if(model,
                  [&](auto const& node) { return node.first == path || node.first.starts_with(path + "/"); });
}

// One of two clients, each in or out of a transaction of its own.
struct Actor {
    Client client;
    u32 transaction = 0;
    Model view{};  // of the transaction
    bool conflict = false;
};

}  // namespace

TEST_CASE("XS-09 random requests of two clients agree with a simple model") {
    auto const ok = rc::check("values, conflicts and counters", [] {
        Store store;
        Model real;
        std::array<Actor, 2> actors{Actor{Client{store, 0}}, Actor{Client{store, 0}}};
        auto const path =
            rc::gen::map(rc::gen::container<std::vector<char>>(rc::gen::inRange('a', 'd')), [](auto v) {
                std::string text = "/";
                v.resize(std::min<usize>(std::max<usize>(v.size(), 1), 3), 'a');
                for (char const c : v)
                    text.append(text == "/" ? "" : "/").append(1, c);
                return text;
            });
        int const steps = *rc::gen::inRange(1, 80);
        for (int step = 0; step < steps; ++step) {
            auto& actor = actors[*rc::gen::inRange<usize>(0, 2)];
            auto& other = actors[&actor == &actors[0] ? 1 : 0];
            auto& model = actor.transaction != 0 ? actor.view : real;
            auto const target = *path;
            switch (*rc::gen::inRange(0, 5)) {
                case 0:
                    RC_ASSERT(actor.client.write(target, std::to_string(step), actor.transaction) == "OK");
                    write(model, target, std::to_string(step));
                    break;
                case 1: {
                    auto const done = actor.client.remove(target, actor.transaction);
                    RC_ASSERT(done == "OK" || done == "ENOENT");
                    remove(model, target);
                    break;
                }
                case 2: {
                    auto const found = model.find(target);
                    auto const seen = actor.client.read(target, actor.transaction);
                    // A transaction that is bound to fail may see a mixture.
                    if (!actor.conflict)
                        RC_ASSERT(seen == (found == model.end() ? "ENOENT" : found->second));
                    break;
                }
                case 3:
                    if (actor.transaction == 0) {
                        actor.transaction = actor.client.begin();
                        actor.view = real;
                    }
                    break;
                default:
                    if (actor.transaction != 0) {
                        auto const done = actor.client.commit(std::exchange(actor.transaction, 0));
                        RC_ASSERT(done == "OK" || done == "EAGAIN");
                        // Nobody else changed anything: then it must succeed.
                        if (!actor.conflict)
                            RC_ASSERT(done == "OK");
                        if (done == "OK" && !actor.conflict)
                            real = actor.view;
                        else if (done == "OK")
                            RC_DISCARD("merged with another's changes");
                        actor.conflict = false;
                        if (done == "OK")
                            other.conflict = other.transaction != 0;
                    }
            }
            if (actor.transaction == 0 && other.transaction != 0)
                other.conflict = true;
            RC_ASSERT(store.server.tree().audit());
        }
        for (auto const& [node, value] : real)
            RC_ASSERT(actors[0].client.read(node) == value);
        RC_ASSERT(store.server.tree().size() == real.size() + 1);
    });
    CHECK(ok);
}
