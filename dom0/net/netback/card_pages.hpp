// SPDX-License-Identifier: MIT
// Pages of a guest while a card may write to them. Those that it has declared
// are mapped anyway; any other is mapped when the card gets it, and unmapped
// before the guest hears that the card is done.
#pragma once

#include "dom0/net/netback/device_maps.hpp"
#include "dom0/net/netback/static_grants.hpp"

namespace netback {

class CardPages {
  public:
    static constexpr u32 batch = DeviceMaps::batch;

    struct Lent {
        Maddr at{};
        GrantRef ref{};
        std::optional<grant_handle_t> handle;  // none: it is declared
    };

    // Both outlive it.
    CardPages(StaticGrants& declared, DeviceMaps& others) : declared_{declared}, others_{others} {}

    // At most `batch` of them; none where a card cannot have the page.
    void lend(std::span<GrantRef const> refs, std::span<std::optional<Lent>> into);

    // The card is done with it.
    void take_back(Lent const& page);
    // To be called before the guest hears of pages taken back: it would find
    // the grant still in use.
    void settle() { others_.flush(); }

    // The card may write to it for ever, so the grant stays in use.
    void lose(Lent const& page);

  private:
    void lend_mapped(u32 count, std::span<std::optional<Lent>> into);

    StaticGrants& declared_;
    DeviceMaps& others_;
    // Those of a batch that are not declared.
    std::array<GrantRef, batch> missing_{};
    std::array<u8, batch> places_{};
    std::array<std::optional<DeviceMaps::Page>, batch> mapped_;
};

}  // namespace netback
