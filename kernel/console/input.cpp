// SPDX-License-Identifier: MIT
#include "kernel/console/input.hpp"

#include <algorithm>

#include "kernel/base/log.hpp"
#include "kernel/sync/lock.hpp"

namespace console {
namespace {

constexpr char switch_char = 0x01;  // Ctrl-a
constexpr unsigned switch_count = 3;

// Typed ahead and not yet read. When it is full the oldest stays: a person
// sees what was accepted.
struct Queue {
    std::array<char, 1024> bytes{};
    u32 begin = 0, end = 0;

    void put(char c) {
        if (end - begin < bytes.size())
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
    unsigned switches = 0;  // switch characters in a row
};

constinit Locked<Input, Rank::console> state;
constinit Listeners listeners;

void announce(Focus f) {
    if (f == Focus::monitor)
        log("*** Serial input to the monitor (type 'CTRL-a' three times to switch input)");
    else
        log("*** Serial input to DOM0 (type 'CTRL-a' three times to switch input)");
}

// Whether `c` was the last of the three.
bool completes_switch(char c) {
    auto s = state.lock();
    s->switches = c == switch_char ? s->switches + 1 : 0;
    if (s->switches < switch_count)
        return false;
    s->switches = 0;
    return true;
}

}  // namespace

void set_listeners(Listeners l) {
    listeners = l;
}

void set_focus(Focus f) {
    state.lock()->focus = f;
    announce(f);
    if (listeners.focus_changed)
        listeners.focus_changed(f);
}

Focus focus() {
    return state.lock()->focus;
}

void input(char c) {
    if (completes_switch(c)) {
        set_focus(focus() == Focus::monitor ? Focus::driver_domain : Focus::monitor);
        return;
    }
    if (focus() == Focus::monitor) {
        if (listeners.monitor && c != switch_char)
            listeners.monitor(c);
        return;
    }
    state.lock()->queue.put(c);
    if (listeners.driver_domain)
        listeners.driver_domain();
}

usize read_input(std::span<char> into) {
    return state.lock()->queue.take(into);
}

}  // namespace console
