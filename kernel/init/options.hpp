// SPDX-License-Identifier: MIT
// The hypervisor's command line, with the names that users of Xen know.
// Nothing is passed over in silence: an option that means nothing here is
// named, once.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "kernel/base/types.hpp"

namespace init {

// "512M", "25%", "-1G" (all but that much); a bare number counts KiB.
struct Amount {
    enum class Kind : u8 { bytes, percent, all_but } kind = Kind::bytes;
    u64 value = 0;

    // In bytes, of `total` bytes.
    [[nodiscard]] u64 of(u64 total) const;
};
std::optional<Amount> parse_amount(std::string_view text);

// dom0_mem=SIZE[,min:SIZE][,max:SIZE]
struct Dom0Memory {
    std::optional<Amount> size, min, max;
};
std::optional<Dom0Memory> parse_dom0_memory(std::string_view text);

// dom0_max_vcpus=N, or [MIN]-[MAX]: as many as there are CPUs, within these.
struct Dom0Vcpus {
    u32 least = 1, most = ~u32{0};

    [[nodiscard]] u32 of(u32 cpus) const { return std::clamp(cpus, least, most); }
};
std::optional<Dom0Vcpus> parse_dom0_vcpus(std::string_view text);

struct Options {
    Dom0Memory dom0_memory;
    Dom0Vcpus dom0_vcpus;
    bool dom0_vcpus_pin = false;  // each to the CPU of its number
    u32 gnttab_max_frames = 64;
    u32 gnttab_max_maptrack_frames = 512;
    u32 trace_pages = 128;  // of each CPU
    bool noreboot = false;
    bool faults = false;  // may be made on purpose, by an operator
};

// `complain` gets one sentence for each option that has no effect.
Options parse_options(std::string_view command_line, void (*complain)(std::string_view));

}  // namespace init
