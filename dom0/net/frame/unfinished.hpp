// SPDX-License-Identifier: MIT
// Frames that their sender left unfinished: the checksum is to be completed, or
// the payload to be cut, by whoever sends them on. That this can be done is the
// claim of a guest or of a card.
#pragma once

#include <optional>

#include "drivers/net/packet.hpp"

namespace frame {

enum class Flaw : u8 {
    no_place,       // for the checksum
    cannot_be_cut,  // it is not the TCP it should be
};

// The frame's checksum is blank. Fills in its layers.
std::optional<Flaw> examine(nic::Packet& packet);

}  // namespace frame
