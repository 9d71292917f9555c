// SPDX-License-Identifier: MIT
#include "kernel/console/input.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "kernel/base/log.hpp"
#include "kernel/console/output.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/sync/lock.hpp"

namespace console {
namespace {

constexpr char switch_char = 0x01;  // Ctrl-a
constexpr unsigned switch_count = 3;
constexpr char end_of_question = '\r';

// Typed ahead and not yet read. The line holds back what there is no room for;
// when it cannot, the oldest stays: a person sees what was accepted.
struct Queue {
    std::array<char, 4096> bytes{};
    u32 begin = 0, end = 0;

    [[nodiscard]] usize room() const { return bytes.size() - (end - begin); }

    void put(char c) {
        if (room() != 0)
            bytes[end++ % bytes.size()] = c;
    }
    usize take(std::span<char> into) {
        usize const n = std::min<usize>(into.size(), end - begin);
        for (usize i = 0; i < n; ++i)
            into[i] = bytes[begin++ % bytes.size()];
        return n;
    }
};

struct Input {
    Queue queue;
    Focus focus = Focus::driver_domain;
    unsigned switches = 0;  // switch characters in a row, kept back so far
    bool question = false;  // what comes is a program's, up to its end
};

constinit Locked<Input, Rank::console> state;
constinit Listeners listeners;

void announce(Focus f) {
    if (f == Focus::monitor)
        log("*** Serial input to the monitor (type 'CTRL-a' three times to switch input)");
    else
        log("*** Serial input to DOM0 (type 'CTRL-a' three times to switch input)");
}

// What a byte means, once those before it are considered.
struct Meaning {
    enum class Kind : u8 { nothing, input, question, switches };
    Kind kind = Kind::nothing;
    unsigned kept_back = 0;  // switch characters that turn out to be input
};

Meaning take(char c) {
    using Kind = Meaning::Kind;
    auto s = state.lock();
    if (s->question) {
        s->question = c != end_of_question;
        return {Kind::question};
    }
    if (c == program_mark) {  // typing goes on behind it as if it had not been there
        s->question = true;
        return {};
    }
    if (c != switch_char)
        return {Kind::input, std::exchange(s->switches, 0)};
    if (++s->switches < switch_count)
        return {};
    s->switches = 0;
    return {Kind::switches};
}

void deliver(char c) {
    if (focus() == Focus::monitor) {
        if (listeners.monitor)
            listeners.monitor(c);
        return;
    }
    state.lock()->queue.put(c);
    if (listeners.driver_domain)
        listeners.driver_domain();
}

}  // namespace

void set_listeners(Listeners l) {
    listeners = l;
}

void set_focus(Focus f) {
    state.lock()->focus = f;
    end_lines();
    announce(f);
    if (listeners.focus_changed)
        listeners.focus_changed(f);
}

Focus focus() {
    return state.lock()->focus;
}

void input(char c) {
    Meaning const m = take(c);
    for (unsigned i = 0; i < m.kept_back; ++i)
        deliver(switch_char);
    switch (m.kind) {
        case Meaning::Kind::switches:
            return set_focus(focus() == Focus::monitor ? Focus::driver_domain : Focus::monitor);
        case Meaning::Kind::question:
            if (listeners.question)
                listeners.question(c);
            return;
        case Meaning::Kind::input:
            return deliver(c);
        case Meaning::Kind::nothing:
            return;
    }
}

usize input_room() {
    auto const s = state.lock();
    if (s->focus == Focus::monitor || s->question)
        return std::numeric_limits<usize>::max();
    // Switch characters that were kept back may come with the next byte.
    usize const room = s->queue.room();
    return room - std::min<usize>(room, switch_count - 1);
}

usize read_input(std::span<char> into) {
    usize const count = state.lock()->queue.take(into);
    if (count != 0)
        machine::console_accept();
    return count;
}

}  // namespace console
