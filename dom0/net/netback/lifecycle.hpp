// SPDX-License-Identifier: MIT
// What a backend does next, given the states both halves have published: the
// device state machine of xen/io/xenbus.h as a pure function.
#pragma once

#include "guest-pv/rt/xenbus/device.hpp"

namespace netback {

using rt::xenbus::State;

struct View {
    State front = State::unknown;
    State back = State::unknown;
    bool attached = false;  // rings are mapped
    bool online = false;    // the toolstack wants the device to stay
};

enum class Step {
    none,
    announce,     // write what is offered, then InitWait
    connect,      // map rings, then Connected
    take_over,    // map the rings of a backend that has ended; the guest is not to notice
    begin_close,  // let go of the rings, then Closing
    end_close,    // let go of the rings, then Closed
};

Step next_step(View const& view);

}  // namespace netback
