// SPDX-License-Identifier: MIT
// Who has spoken to a guest lately, so that it may answer. The table has a fixed
// size and the new displace the old: who speaks from many ports shortens the
// others' time to be answered, and no more.
#pragma once

#include <memory>

#include "dom0/net/policy/datagram.hpp"

namespace policy {

class Conversations {
  public:
    static constexpr usize size = 1024;

    void heard(Datagram const& from_peer);
    [[nodiscard]] bool answers(Datagram const& to_peer) const;

  private:
    struct Entry {
        Address peer;
        u16 peer_port = 0;
        u16 own_port = 0;
        u8 protocol = 0;
        bool used = false;

        friend bool operator==(Entry const&, Entry const&) = default;
        [[nodiscard]] usize place() const;
    };
    std::unique_ptr<Entry[]> entries_ = std::make_unique<Entry[]>(size);
};

}  // namespace policy
