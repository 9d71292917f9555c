// SPDX-License-Identifier: MIT
// For who wants to know what becomes of frames: the hypervisor's trace is told
// of each batch, and a walk follows one frame. Mostly nobody does, and then it
// costs a batch a test of one flag at each place.
#pragma once

#include "dom0/net/trail/walk.hpp"

namespace net::trail {

// Whether anybody does. All below is called only then.
inline constinit bool on = false;

// Where marks go while the hypervisor's trace wants them; none: it does not.
using Tell = void (*)(mark::Mark const&);
void set_trace(Tell tell);
// Null: nothing is followed any more.
void set_walk(Walk* walk);
// The one that is under way, or null.
Walk* walk();

void note(mark::Mark const& mark);
// The bridge was asked.
void decided(bridge::PortId from, bridge::Route const& route);

// What a queue of a card did between two looks at where it stands.
void received(nic::Places const& before, nic::Places const& after, u32 frames);
void sent(nic::Places const& before, nic::Places const& after, u32 frames,
          std::optional<u32> place_of_followed);

}  // namespace net::trail
