// SPDX-License-Identifier: MIT
// Transfer by the processor, straight from and to the pages a guest has
// declared: no hypercall. Pages it has not declared are grant-copied.
#pragma once

#include "dom0/net/netback/grant_copies.hpp"
#include "dom0/net/netback/static_grants.hpp"

namespace netback {

class MappedTransfer final : public Transfer {
  public:
    // Both outlive it.
    MappedTransfer(StaticGrants const& pages, GrantCopies& others) : pages_{pages}, others_{others} {}

    void begin() override { others_.begin(); }
    [[nodiscard]] u32 room() const override { return others_.room(); }
    void to_guest(nic::Packet const& buffer, u16 offset, Granted to, u16 bytes, u32 item) override;
    void from_guest(Granted from, nic::Packet const& buffer, u16 bytes, u32 item) override;
    void run() override { others_.run(); }
    [[nodiscard]] bool complete(u32 item) const override { return others_.complete(item); }

  private:
    StaticGrants const& pages_;
    GrantCopies& others_;
};

}  // namespace netback
