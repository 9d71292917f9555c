// SPDX-License-Identifier: MIT
#include "dom0/net/trail/trail.hpp"

#include "drivers/io/clock.hpp"

namespace net::trail {

namespace {

using mark::Mark;
using mark::Step;

constinit Tell trace = nullptr;
constinit Walk* followed = nullptr;

void update() {
    on = trace != nullptr || followed != nullptr;
}

Mark of_queue(Step step, nic::Places const& at, u32 count, u32 first) {
    return {
        .step = step, .queue = static_cast<u8>(at.queue), .count = static_cast<u16>(count), .first = first};
}

void pass(Mark const& mark, u32 ring_size) {
    if (trace != nullptr)
        trace(mark);
    if (followed != nullptr)
        followed->pass(mark, ring_size, io::now());
}

// What was sent is taken back whenever a card is asked for something.
void cleaned(nic::Places const& before, nic::Places const& after) {
    if (u32 const count = after.between(before.cleaned, after.cleaned))
        pass(of_queue(Step::cleaned, after, count, before.cleaned), after.size);
}

}  // namespace

void set_trace(Tell tell) {
    trace = tell;
    update();
}

void set_walk(Walk* walk) {
    followed = walk;
    update();
}

Walk* walk() {
    return followed;
}

void note(Mark const& mark) {
    pass(mark, 0);
}

void decided(bridge::PortId from, bridge::Route const& route) {
    note({.step = Step::decided, .owner = static_cast<u16>(from.raw()), .first = port_of(route)});
}

void received(nic::Places const& before, nic::Places const& after, u32 frames) {
    cleaned(before, after);
    if (frames != 0)
        pass(of_queue(Step::received, after, frames, before.received), after.size);
}

void sent(nic::Places const& before, nic::Places const& after, u32 frames,
          std::optional<u32> place_of_followed) {
    cleaned(before, after);
    if (frames == 0)
        return;
    Mark const mark = of_queue(Step::sent, after, frames, before.sent);
    pass(mark, after.size);
    if (followed != nullptr && place_of_followed)
        followed->sent(mark, *place_of_followed, io::now());
}

}  // namespace net::trail
