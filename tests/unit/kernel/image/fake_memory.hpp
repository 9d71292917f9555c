// SPDX-License-Identifier: MIT
// Memory of a guest that is being built.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "kernel/base/types.hpp"

// Frames are numbered backwards from a high one, so that a PFN taken for an
// MFN shows.
class FakeMemory {
  public:
    [[nodiscard]] Mfn frame(Pfn pfn) const { return Mfn{0x100000 - pfn.raw()}; }
    std::byte* page(Pfn pfn) {
        if (pfn == missing)
            return nullptr;
        auto& page = pages_[pfn.raw()];
        if (!page)
            page = std::make_unique<Page>();
        return page->bytes;
    }
    [[nodiscard]] Pfn pfn_of(u64 entry) const {
        return Pfn{0x100000 - ((entry & 0x000ffffffffff000) >> page_shift)};
    }

    // What the page tables say about an address: the last entry, or nothing.
    std::optional<u64> walk(Pfn l4, u64 address) {
        Pfn table = l4;
        for (unsigned shift = 39;; shift -= 9) {
            u64 const entry = reinterpret_cast<u64*>(page(table))[(address >> shift) & 511];
            if ((entry & 1) == 0)
                return std::nullopt;
            if (shift == 12)
                return entry;
            table = pfn_of(entry);
        }
    }

    // A page that the builder does not get.
    std::optional<Pfn> missing;

  private:
    struct Page {
        alignas(8) std::byte bytes[page_size]{};
    };
    std::map<u64, std::unique_ptr<Page>> pages_;
};
