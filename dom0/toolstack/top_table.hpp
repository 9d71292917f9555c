// SPDX-License-Identifier: MIT
// The table of `xl top`, in xentop's columns: scripts cut by them.
#pragma once

#include <optional>
#include <string>

#include "kernel/base/types.hpp"

namespace toolstack {

// A domain at one moment.
struct TopSample {
    std::string name;
    std::string state;  // six characters, as state_letters() makes them
    Nanos cpu_time = 0;
    u64 memory_kib = 0;
    std::optional<u64> limit_kib{};  // nothing: no limit
    u32 vcpus = 0;
    u32 interfaces = 0;
    u64 sent_bytes = 0;      // by the guest
    u64 received_bytes = 0;  // by the guest
    u32 ssid = 0;
};

// xentop's letters for a domain: "--b---", "-----r".
struct TopState {
    bool dying = false;
    bool shutdown = false;
    bool blocked = false;
    bool crashed = false;
    bool paused = false;
    bool running = false;
};
std::string state_letters(TopState const& state);

std::string top_heading();
// `before` is the same domain's processor time `passed` nanoseconds ago; a
// domain seen for the first time has used no part of that time.
std::string top_row(TopSample const& now, std::optional<Nanos> before, Nanos passed, u64 machine_kib,
                    bool full_name);

}  // namespace toolstack
