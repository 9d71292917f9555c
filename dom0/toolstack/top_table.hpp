// SPDX-License-Identifier: MIT
// The table of `xl top`, in xentop's columns: scripts cut by them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dom0/toolstack/traffic.hpp"
#include "kernel/base/types.hpp"

namespace toolstack {

// A domain at one moment.
struct TopSample {
    u32 domain = 0;
    std::string name;
    std::string state;  // six characters, as state_letters() makes them
    Nanos cpu_time = 0;
    u64 memory_kib = 0;
    std::optional<u64> limit_kib{};  // nothing: no limit
    u32 vcpus = 0;
    std::vector<Traffic> vifs{};
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

// A domain now, and its processor time the round before; nothing when it is new.
struct TopLine {
    TopSample now;
    std::optional<Nanos> before{};
};

// What stands first: the lowest number, or whoever uses most.
enum class TopOrder : u8 { domain, processor, memory, network };
std::string_view name_of(TopOrder order);
TopOrder next(TopOrder order);
// Equals by number.
void sort_lines(std::vector<TopLine>& lines, TopOrder order);

// Below its domain's row.
std::string top_interface_row(Traffic const& vif);

std::string top_heading();
// `passed` is the time since `line.before`.
std::string top_row(TopLine const& line, Nanos passed, u64 machine_kib, bool full_name);

}  // namespace toolstack
