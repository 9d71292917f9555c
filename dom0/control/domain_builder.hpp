// SPDX-License-Identifier: MIT
// Makes a domain out of a kernel image: memory, contents, page tables, rings,
// registers. The domain that comes out is paused and has not run yet.
#pragma once

#include <string>

#include "dom0/control/domctl.hpp"
#include "dom0/control/foreign_memory.hpp"
#include "dom0/toolstack/outcome.hpp"
#include "dom0/toolstack/pci_address.hpp"
#include "kernel/image/bytes.hpp"

namespace control {

// Beyond its memory a domain may hold a little for its page tables and rings.
inline constexpr u64 slack_kib = 1024;

struct GuestPlan {
    image::Bytes kernel;
    image::Bytes ramdisk{};
    std::string command_line{};
    u64 memory_kib = 0;
    u64 most_memory_kib = 0;
    domctl::Creation creation{};
    std::vector<pci::Address> functions{};
    Progress progress{};  // of giving it memory, which takes longest
};

// One of the pages through which the new guest talks to this domain.
struct SharedRing {
    Mfn frame{};
    EvtchnPort port{};  // the guest's
};

struct BuiltDomain {
    DomId id{};
    SharedRing store;
    SharedRing console;
};

// Fails with a sentence, and with no domain left behind.
toolstack::Outcome<BuiltDomain> build_domain(GuestPlan const& plan);

}  // namespace control
