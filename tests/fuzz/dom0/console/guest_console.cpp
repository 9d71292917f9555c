// SPDX-License-Identifier: MIT
// CN-1 CN-2: a guest writes anything into its console's page; lines are safe to show, and it is heard again
#include "dom0/console/guest_console.hpp"

#include <memory>
#include <string>

#include "tests/fuzz/support/input.hpp"

namespace {

using console::GuestConsole;
using console::LineBuffer;

// Printable, or a whole sequence of colour.
bool safe(std::string_view line) {
    for (usize i = 0; i < line.size(); ++i) {
        if (line[i] == '\x1b') {
            i = line.find_first_not_of("0123456789;", i + 2);
            if (i >= line.size() || line[i] != 'm')
                return false;
        } else if (line[i] != '\t' && (line[i] < ' ' || line[i] > '~'))
            return false;
    }
    return line.size() <= LineBuffer::capacity;
}

struct Seen final : console::Listener {
    usize bytes = 0;
    std::string last_line;
    void show_line(std::string_view line) override {
        fuzz::require(safe(line), "a line is short and does nothing to a terminal");
        last_line = line;
    }
    void show_bytes(std::string_view said) override { bytes += said.size(); }
};

// The page in memory of its own, so that a byte beside it is seen.
struct Guest {
    std::unique_ptr<xencons_interface> page = std::make_unique<xencons_interface>();
    GuestConsole console{*page};
    Seen seen;

    void say(std::string_view text) {
        for (char const c : text)
            page->out[page->out_prod++ % sizeof page->out] = c;
    }
};

// This end moves its own index, by no more than there may be, and writes
// nothing that is the guest's.
void hear(Guest& guest) {
    auto const before = *guest.page;
    u32 const said = before.out_prod - before.out_cons;
    usize const most = said > sizeof before.out ? 0 : std::min<usize>(said, GuestConsole::turn);
    bool const heard = guest.console.pass_on_output(guest.seen);
    auto expected = before;
    expected.out_cons += static_cast<u32>(most);
    fuzz::require(heard == (most != 0), "what is there is taken, and nothing else");
    fuzz::require(std::memcmp(&expected, guest.page.get(), sizeof expected) == 0,
                  "the page stays the guest's");
}

void hand_over(Guest& guest) {
    auto const before = *guest.page;
    u32 const waiting = before.in_prod - before.in_cons;
    bool const typed = guest.console.pass_on_typed();
    u32 const put = guest.page->in_prod - before.in_prod;
    fuzz::require(typed == (put != 0), "the guest is told of what is new");
    fuzz::require(put == 0 || waiting + u64{put} <= sizeof before.in,
                  "no more is put than there is room for");
    fuzz::require(std::memcmp(before.out, guest.page->out, sizeof before.out) == 0 &&
                      before.in_cons == guest.page->in_cons && before.out_cons == guest.page->out_cons &&
                      before.out_prod == guest.page->out_prod,
                  "the page stays the guest's");
}

void step(fuzz::Input& input, Guest& guest) {
    switch (auto& page = *guest.page; input.below(12)) {
        case 0:
            page.out_prod = input.take<u32>();
            break;
        case 1:
            page.out_cons = input.take<u32>();
            break;
        case 2:
            page.in_prod = input.take<u32>();
            break;
        case 3:
            page.in_cons = input.take<u32>();
            break;
        case 4:
            page.out_prod = page.out_cons + 16 * input.take<u8>();
            break;
        case 5:
            guest.console.attach(guest.seen, input.take<u16>());
            break;
        case 6:
            guest.console.detach();
            break;
        case 7:
            guest.console.type(input.text(input.below(200)));
            break;
        case 8:
            hand_over(guest);
            break;
        case 9:
            guest.console.pass_on_last_words(guest.seen);
            break;
        default:
            guest.say(input.text(input.below(200)));
            hear(guest);
    }
}

// Both ends agree again that there is nothing.
void is_heard_again(Guest& guest) {
    guest.console.detach();
    guest.console.pass_on_last_words(guest.seen);
    guest.page->out_prod = guest.page->out_cons;
    guest.say("\nwell\n");
    hear(guest);
    fuzz::require(guest.seen.last_line == "well", "a guest whose indexes make sense is heard");
}

void reads_what_is_typed(Guest& guest) {
    auto& page = *guest.page;
    std::string read;
    guest.console.type("!");
    page.in_cons = page.in_prod;
    while (guest.console.pass_on_typed())
        for (; page.in_cons != page.in_prod; ++page.in_cons)
            read += page.in[page.in_cons % sizeof page.in];
    fuzz::require(read.ends_with('!'), "what was typed arrives");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, size};
    Guest guest;
    while (!input.empty())
        step(input, guest);
    is_heard_again(guest);
    reads_what_is_typed(guest);
    return 0;
}
