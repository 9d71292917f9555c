// SPDX-License-Identifier: MIT
// The consoles of guests: their output becomes lines on the serial line, each
// with the name of its speaker; what is typed goes to the one guest that
// somebody is attached to.
#pragma once

#include <map>
#include <memory>

#include "dom0/console/guest_console.hpp"
#include "dom0/control/domain_builder.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"

namespace control {

class ConsoleService {
  public:
    // Starts the thread; this object lives as long as the domain.
    void start();

    Result<> add(DomId guest, SharedRing const& ring);
    // Prints what the guest still had to say.
    void remove(DomId guest);

    // Hands the terminal to the guest until Ctrl-] is typed or it ends, and shows
    // first what the guest said last.
    // Errno::srch: it has no console here.
    Result<> attach(DomId guest);

  private:
    struct Guest {
        rt::FrameMapping page;
        rt::EventChannel channel;
        console::GuestConsole console;
        bool gone = false;
    };

    void run();
    static bool forward(DomId id, Guest& guest);
    static void forward_typed(Guest& guest);

    std::map<DomId, std::shared_ptr<Guest>> guests_;
    rt::WaitQueue idle_;
    bool kicked_ = false;
};

}  // namespace control
