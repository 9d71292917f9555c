// SPDX-License-Identifier: MIT
// Pages while a card may write to them, for a guest that has posted some. Those
// that it has declared are mapped anyway; any other is mapped when the card gets
// it, and unmapped before the guest hears that the card is done. Or it is pages of
// ours that the card gets, which the guest reads.
#pragma once

#include <memory>

#include "dom0/net/netback/backend_pages.hpp"
#include "dom0/net/netback/device_maps.hpp"
#include "dom0/net/netback/static_grants.hpp"
#include "kernel/abi/backend_pages.hpp"

namespace netback {

class CardPages {
  public:
    static constexpr u32 batch = DeviceMaps::batch;

    struct Lent {
        Maddr at{};
        GrantRef ref{};
        std::optional<grant_handle_t> handle;  // none: it is declared, or ours
    };

    // Both outlive it.
    CardPages(StaticGrants& declared, DeviceMaps& others) : declared_{declared}, others_{others} {}

    // While none is lent. None: those that are posted.
    void use(std::shared_ptr<BackendPages> ours) {
        ours_ = std::move(ours);
        flags_ = ours_ ? backend_pages::is_here : u16{0};
    }
    // Of responses that tell of them, beside NETRXF_*.
    [[nodiscard]] u16 flags() const { return flags_; }

    // At most `batch` of them, whose responses are `first` and those behind it; none
    // where a card cannot have the page.
    void lend(u32 first, std::span<GrantRef const> refs, std::span<std::optional<Lent>> into);

    // The card is done with it.
    void take_back(Lent const& page);
    // To be called before the guest hears of pages taken back: it would find
    // the grant still in use.
    void settle() { others_.flush(); }

    // The card may write to it for ever, so the grant stays in use.
    void lose(Lent const& page);

  private:
    void lend_posted(std::span<GrantRef const> refs, std::span<std::optional<Lent>> into);
    void lend_mapped(u32 count, std::span<std::optional<Lent>> into);

    StaticGrants& declared_;
    DeviceMaps& others_;
    std::shared_ptr<BackendPages> ours_;
    u16 flags_ = 0;
    // Those of a batch that are not declared.
    std::array<GrantRef, batch> missing_{};
    std::array<u8, batch> places_{};
    std::array<std::optional<DeviceMaps::Page>, batch> mapped_;
};

}  // namespace netback
