// SPDX-License-Identifier: MIT
// Pages that a guest has declared for good over the control ring: mapped when
// it declares them, and kept until it takes them back. The guest must not
// revoke the grants of pages it still has declared, and cannot: they are in use.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace netback {

// Mappings made together. What is not dropped before goes with the object.
class GrantBlock {
  public:
    virtual ~GrantBlock() = default;
    [[nodiscard]] virtual std::byte* page(u32 index) const = 0;
    [[nodiscard]] virtual Maddr machine(u32 index) const = 0;  // for devices
    virtual void drop(u32 index) = 0;
};

// All or none.
using MapGranted = Result<std::shared_ptr<GrantBlock>> (*)(DomId granter, std::span<GrantRef const> pages,
                                                           bool writable);

class StaticGrants {
  public:
    // By page of the two rings of a queue, twice over; what a list can hold.
    static constexpr u32 most_pages = 512;
    // A hypervisor's tables end long before.
    static constexpr u32 most_refs = 1U << 16;

    struct Page {
        std::byte* at = nullptr;
        bool writable = false;
        u32 pins = 0;   // by cards that may use it
        u32 index = 0;  // in the block
        std::shared_ptr<GrantBlock> block;
    };

    StaticGrants(DomId guest, MapGranted map) : guest_{guest}, map_{map} {}

    // All or none. Errno::exist: one is declared already.
    Result<> add(std::span<GrantRef const> refs, bool writable);
    // False when it was not declared, or a card has it.
    bool remove(GrantRef ref);

    // Where a card may read or write until it is unpinned; none unless it is
    // declared so. One unpin for each pin.
    enum class Use : u8 { read, write };
    std::optional<Maddr> pin(GrantRef ref, Use use);
    void unpin(GrantRef ref);
    // The card may write to it for ever, so it stays mapped whatever happens.
    void lose(GrantRef ref);

    // Null: not declared.
    [[nodiscard]] Page const* find(GrantRef ref) const {
        return ref.raw() < places_.size() && places_[ref.raw()] != nowhere ? &pages_[places_[ref.raw()]]
                                                                           : nullptr;
    }
    [[nodiscard]] u32 count() const { return count_; }

  private:
    static constexpr u16 nowhere = 0xffff;

    DomId guest_;
    MapGranted map_;
    u32 count_ = 0;
    std::vector<u16> places_;  // in pages_, by reference
    std::vector<Page> pages_;
    std::vector<u16> free_;  // of pages_
};

}  // namespace netback
