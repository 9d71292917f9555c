// SPDX-License-Identifier: MIT
// How the bytes of frames cross between the driver domain and a guest. Chosen
// per interface, and changed while it runs: see the README of dom0/net.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kernel/base/types.hpp"

namespace netback {

enum class Mode : u8 {
    automatic,   // the best of the others that the guest allows, and its traffic deserves
    copy,        // grant copies, a batch per hypercall
    guest_copy,  // the same, made on the processor of the guest
    mapped,      // through mappings that are kept, of pages the guest has declared
    queue,       // into such pages by the card itself, which has a queue for the guest
};
inline constexpr Mode default_mode = Mode::automatic;

std::string_view name_of(Mode mode);
std::optional<Mode> parse_mode(std::string_view name);
std::string mode_names();  // all of them, for people

}  // namespace netback
