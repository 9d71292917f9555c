// SPDX-License-Identifier: MIT
// Transfer by grant copies: one hypercall a batch, and nothing of the guest's
// is ever mapped.
#pragma once

#include <array>
#include <bitset>

#include "dom0/net/netback/copier.hpp"
#include "dom0/net/netback/transfer.hpp"

namespace netback {

class GrantCopies final : public Transfer {
  public:
    explicit GrantCopies(Peer peer) : peer_{peer} {}

    void begin() override;
    [[nodiscard]] u32 room() const override { return most_pieces - count_; }
    void to_guest(nic::Packet const& buffer, u16 offset, Granted to, u16 bytes, u32 item) override;
    void from_guest(Granted from, nic::Packet const& buffer, u16 bytes, u32 item) override;
    void run() override;
    // For who makes them elsewhere: what is planned, and then whether it was tried.
    [[nodiscard]] std::span<gnttab_copy_t> planned() { return std::span{copies_}.first(count_); }
    void conclude(bool tried);
    [[nodiscard]] bool complete(u32 item) const override { return !failures_ || !failed_.test(item); }

  private:
    gnttab_copy_t& add(u32 item);

    Peer peer_;
    u32 count_ = 0;
    bool failures_ = false;
    std::array<gnttab_copy_t, most_pieces> copies_{};
    std::array<u8, most_pieces> items_{};
    std::bitset<most_items> failed_;
};

}  // namespace netback
