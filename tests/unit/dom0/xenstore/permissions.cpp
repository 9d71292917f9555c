// SPDX-License-Identifier: MIT
// Who may do what.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

#include "tests/unit/dom0/xenstore/store_client.hpp"

namespace {

// What guest 1 gets for each operation on a node with these permissions.
struct Row {
    char const* permissions;
    char const* read;
    char const* write;
};

}  // namespace

TEST_CASE("XS-04 every operation asks for permission, inside transactions too") {
    constexpr std::string_view value = "value";
    constexpr Row rows[]{
        {"n0", "EACCES", "EACCES"}, {"r0", "value", "EACCES"}, {"w0", "EACCES", "OK"},
        {"b0", "value", "OK"},      {"n1", "value", "OK"},     {"n0 r1", "value", "EACCES"},
        {"n0 w1", "EACCES", "OK"},  {"n0 b1", "value", "OK"},  {"b0 n1", "EACCES", "EACCES"},
        {"n2", "EACCES", "EACCES"},
    };
    for (auto const& row : rows) {
        for (bool const inside : {false, true}) {
            Store store;
            Client toolstack{store, 0}, guest{store, 1};
            toolstack.write("/node/child", "value");
            toolstack.permit("/node/child", row.permissions);
            toolstack.permit("/node", row.permissions);
            u32 const in = inside ? guest.begin() : 0;
            CAPTURE(row.permissions, inside);
            // What the toolstack is told, if it may be read at all.
            auto const same = [&](u32 request, std::string_view payload) {
                auto const told = guest.outcome(request, payload, in);
                return told == (row.read == value ? toolstack.outcome(request, payload) : "EACCES");
            };
            CHECK(guest.read("/node/child", in) == row.read);
            CHECK(same(XS_DIRECTORY, {"/node\0", 6}));
            CHECK(same(XS_DIRECTORY_PART, {"/node\0"
                                           "0\0",
                                           8}));
            CHECK(same(XS_GET_PERMS, {"/node/child\0", 12}));
            bool const owner = std::string_view{row.permissions}.starts_with("n1");
            CHECK(guest.permit("/node/child", row.permissions, in) == (owner ? "OK" : "EACCES"));
            CHECK(guest.write("/node/child", "other", in) == row.write);
            CHECK(guest.make("/node/new", in) == row.write);
            CHECK(guest.remove("/node/child", in) == row.write);
        }
    }
}

TEST_CASE("XS-04 the root is nobody's to change") {
    Store store;
    Client guest{store, 1};
    CHECK(guest.write("/", "x") == "EACCES");
    CHECK(guest.write("/tool", "x") == "EACCES");
    CHECK(guest.permit("/", "b1") == "EACCES");
    CHECK(guest.remove("/local") == "EACCES");
}

TEST_CASE("XS-04 what may not be read cannot be told from what is not there") {
    Store store;
    Client toolstack{store, 0}, guest{store, 1};
    toolstack.write("/secret/there", "1");
    toolstack.permit("/secret", "n0");
    toolstack.permit("/secret/there", "n0");
    CHECK(guest.read("/secret/there") == guest.read("/secret/not"));
}

TEST_CASE("XS-06 an owner may share a node but not give it away") {
    Store store;
    Client toolstack{store, 0}, guest{store, 1};
    toolstack.write("/mine", "");
    toolstack.permit("/mine", "n1");
    CHECK(guest.permit("/mine", "n1 r2") == "OK");
    CHECK(guest.permit("/mine", "n2") == "EPERM");
    CHECK(guest.permit("/mine", "n1 r2 r3 r4 r5 r6") == "ENOSPC");
    CHECK(guest.permit("/mine", "x1") == "EINVAL");
    CHECK(guest.permit("/mine", "r") == "EINVAL");
    CHECK(toolstack.permit("/mine", "n2") == "OK");
    CHECK(guest.permit("/mine", "n1") == "EACCES");
}

TEST_CASE("a node made by a guest belongs to it and inherits the rest") {
    Store store;
    Client toolstack{store, 0}, guest{store, 1};
    toolstack.make("/shared");
    toolstack.permit("/shared", "b0 r7");
    CHECK(guest.write("/shared/a", "1") == "OK");
    CHECK(toolstack.ask(XS_GET_PERMS, {"/shared/a\0", 10}).payload == std::string_view{"b1\0r7\0", 6});
}
