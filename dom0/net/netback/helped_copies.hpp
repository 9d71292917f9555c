// SPDX-License-Identifier: MIT
// Transfer by grant copies that a helper makes, on the guest's processor. While
// there is none for it, or it has too much to do, they are made here.
#pragma once

#include <memory>

#include "dom0/net/helpers/helper.hpp"
#include "dom0/net/netback/grant_copies.hpp"

namespace netback {

class HelpedCopies final : public Transfer {
  public:
    // `reply`: where this is told that a batch is done, if it asked to be.
    HelpedCopies(Peer peer, EvtchnPort reply) : copies_{peer}, job_{reply} {}
    // Waits: what a helper has is not to go away.
    ~HelpedCopies() override;
    HelpedCopies(HelpedCopies const&) = delete;
    HelpedCopies& operator=(HelpedCopies const&) = delete;

    // From the next batch on; none: without one.
    void use(std::shared_ptr<helpers::Helper> helper) { helper_ = std::move(helper); }

    void begin() override { copies_.begin(); }
    [[nodiscard]] u32 room() const override { return copies_.room(); }
    void to_guest(nic::Packet const& buffer, u16 offset, Granted to, u16 bytes, u32 item) override {
        copies_.to_guest(buffer, offset, to, bytes, item);
    }
    void from_guest(Granted from, nic::Packet const& buffer, u16 bytes, u32 item) override {
        copies_.from_guest(from, buffer, bytes, item);
    }
    void run() override;
    [[nodiscard]] bool done() override;
    [[nodiscard]] bool arm() override { return !lent_to_ || job_.ask(); }
    [[nodiscard]] bool complete(u32 item) const override { return copies_.complete(item); }

  private:
    GrantCopies copies_;
    helpers::CopyJob job_;
    std::shared_ptr<helpers::Helper> helper_;
    std::shared_ptr<helpers::Helper> lent_to_;  // has the batch; none: it is here
};

}  // namespace netback
