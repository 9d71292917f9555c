// SPDX-License-Identifier: MIT
#include "dom0/console/guest_console.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <string>
#include <vector>

namespace {

struct Seen final : console::Listener {
    std::vector<std::string> lines;
    std::string bytes;
    void show_line(std::string_view line) override { lines.emplace_back(line); }
    void show_bytes(std::string_view said) override { bytes += said; }
};

// A guest that follows the protocol, until a test writes to its ring.
struct Guest {
    xencons_interface ring{};
    console::GuestConsole console{ring};
    Seen seen;

    void say(std::string_view text) {
        for (char const c : text)
            ring.out[ring.out_prod++ % sizeof ring.out] = c;
    }
    bool heard() { return console.pass_on_output(seen); }
    std::string read() {
        std::string text;
        while (ring.in_cons != ring.in_prod)
            text += ring.in[ring.in_cons++ % sizeof ring.in];
        return text;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what a guest says becomes lines, however it comes") {
    Guest guest;
    guest.say("one\ntw");
    CHECK(guest.heard());
    CHECK(guest.seen.lines == Lines{"one"});
    CHECK_FALSE(guest.heard());
    guest.say("o\n");
    CHECK(guest.heard());
    CHECK(guest.seen.lines == Lines{"one", "two"});
    CHECK(guest.ring.out_cons == guest.ring.out_prod);
}

TEST_CASE("CN-2 what a terminal would act on is shown instead") {
    Guest guest;
    guest.say("\x1b[2Jgone?\a\n");
    CHECK(guest.heard());
    CHECK(guest.seen.lines == Lines{R"(\x1b[2Jgone?\x07)"});
}

TEST_CASE("CN-2 a guest that never stops talking has its turn and no more") {
    Guest guest;
    guest.say(std::string(sizeof guest.ring.out, 'x'));
    CHECK(guest.heard());
    CHECK(guest.ring.out_cons == console::GuestConsole::turn);
    CHECK(guest.heard());
    CHECK(guest.ring.out_cons == sizeof guest.ring.out);
    CHECK_FALSE(guest.heard());
}

TEST_CASE("CN-1 impossible indexes of what is said are silence, until they make sense again") {
    Guest guest;
    guest.say("before\n");
    CHECK(guest.heard());
    for (u32 const ahead : {u32{sizeof guest.ring.out} + 1, 0x8000'0000u, ~0u}) {
        u32 const agreed = guest.ring.out_cons;
        guest.ring.out_prod = agreed + ahead;
        CHECK_FALSE(guest.heard());
        CHECK(guest.ring.out_cons == agreed);
        guest.ring.out_prod = agreed;
    }
    guest.say("after\n");
    CHECK(guest.heard());
    CHECK(guest.seen.lines == Lines{"before", "after"});
}

TEST_CASE("CN-1 impossible indexes of what is typed lose nothing of it") {
    Guest guest;
    guest.console.type("keys");
    guest.ring.in_cons = 1;
    CHECK_FALSE(guest.console.pass_on_typed());
    CHECK(guest.ring.in_prod == 0);
    guest.ring.in_cons = 0;
    CHECK(guest.console.pass_on_typed());
    CHECK(guest.read() == "keys");
    CHECK_FALSE(guest.console.pass_on_typed());
}

TEST_CASE("what is typed waits for room") {
    Guest guest;
    std::string const paste = std::string(sizeof guest.ring.in, 'a') + "b";
    guest.console.type(paste);
    CHECK(guest.console.pass_on_typed());
    CHECK_FALSE(guest.console.pass_on_typed());
    std::string const first = guest.read();
    CHECK(guest.console.pass_on_typed());
    CHECK(first + guest.read() == paste);
    CHECK(guest.console.lost_typing() == 0);
}

TEST_CASE("who is attached sees the end of what was said before, then bytes as they are") {
    Guest guest;
    guest.say("first\nsecond\nunfini");
    CHECK(guest.heard());
    guest.console.attach(guest.seen, 14);
    CHECK(guest.seen.bytes == "second\nunfini");
    guest.say("shed\x1b[2J");
    CHECK(guest.heard());
    CHECK(guest.seen.bytes == "second\nunfinished\x1b[2J");
    guest.console.detach();
    guest.say("a line\n");
    CHECK(guest.heard());
    CHECK(guest.seen.lines == Lines{"first", "second", "a line"});
}

TEST_CASE("the last words of a guest are all that is in its ring, and no more") {
    Guest guest;
    guest.say(std::string(sizeof guest.ring.out - 3, '\n') + "end");
    guest.ring.out_cons -= 1;  // one byte more than the ring has
    guest.console.pass_on_last_words(guest.seen);
    CHECK(guest.seen.lines.empty());
    guest.ring.out_cons += 1;
    guest.console.pass_on_last_words(guest.seen);
    CHECK(guest.seen.lines.size() == sizeof guest.ring.out - 2);
    CHECK(guest.seen.lines.back() == "end");
    guest.console.pass_on_last_words(guest.seen);
    CHECK(guest.seen.lines.size() == sizeof guest.ring.out - 2);
}
