// SPDX-License-Identifier: MIT
// The state machine. The frontend leads; each of its states has one answer,
// and answering twice is harmless.
#include "dom0/net/netback/lifecycle.hpp"

namespace netback {

namespace {

// A frontend begins (again): a new kernel in the same domain, say. What the
// one before it left is let go of first, by way of Closed.
Step frontend_begins(View const& view) {
    if (view.attached || view.back == State::closing)
        return Step::end_close;
    bool const fresh = view.back == State::initialising || view.back == State::unknown;
    bool const reopened = view.back == State::closed && view.online;
    return fresh || reopened ? Step::announce : Step::none;
}

// Connected to rings that nobody here has mapped: another backend had them.
Step frontend_is_connected(View const& view) {
    if (view.back == State::connected && !view.attached)
        return Step::take_over;
    return view.back == State::init_wait ? Step::connect : Step::none;
}

}  // namespace

Step next_step(View const& view) {
    switch (view.front) {
        case State::initialising:
            return frontend_begins(view);
        case State::connected:
            return frontend_is_connected(view);
        case State::closing:
            return view.back == State::closing || view.back == State::closed ? Step::none : Step::begin_close;
        case State::closed:
        case State::unknown:  // its nodes are gone
            return view.back == State::closed && !view.attached ? Step::none : Step::end_close;
        case State::init_wait:
        case State::initialised:
        case State::reconfiguring:
        case State::reconfigured:
            break;
    }
    return Step::none;
}

}  // namespace netback
