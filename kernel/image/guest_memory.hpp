// SPDX-License-Identifier: MIT
// How a builder reaches the memory of the guest it builds. The hypervisor looks
// into its direct map, the toolstack maps foreign frames: both offer
//     Mfn frame(Pfn);              the machine frame behind a guest frame
//     std::byte* page(Pfn);        its contents, or nullptr; good until the next call
// All pages are zeroed at the start.
#pragma once

#include <array>

#include "kernel/base/result.hpp"
#include "kernel/image/bytes.hpp"

namespace image {

using Entries = std::span<u64, page_size / sizeof(u64)>;

class GuestMemory {
    void* owner_;
    Mfn (*frame_)(void*, Pfn);
    std::byte* (*page_)(void*, Pfn);

  public:
    template <class Owner>
    explicit GuestMemory(Owner& owner)
        : owner_{&owner},
          frame_{[](void* o, Pfn pfn) { return static_cast<Owner*>(o)->frame(pfn); }},
          page_{[](void* o, Pfn pfn) { return static_cast<Owner*>(o)->page(pfn); }} {}

    [[nodiscard]] Mfn frame(Pfn pfn) const { return frame_(owner_, pfn); }

    [[nodiscard]] Result<std::span<std::byte, page_size>> page(Pfn pfn) const {
        std::byte* const bytes = page_(owner_, pfn);
        if (bytes == nullptr)
            return Fail{Errno::nomem};
        return std::span<std::byte, page_size>{bytes, page_size};
    }

    // The page as 512 numbers: a page table, or a part of the P2M list.
    [[nodiscard]] Result<Entries> entries(Pfn pfn) const {
        auto const bytes = TRY(page(pfn));
        return Entries{reinterpret_cast<u64*>(bytes.data()), Entries::extent};
    }

    // Copies to `offset` bytes behind the start of PFN 0.
    Result<> write(u64 offset, Bytes bytes) const {
        while (!bytes.empty()) {
            auto const into = TRY(page(Pfn{offset >> page_shift}));
            u64 const at = offset & page_mask;
            u64 const count = bytes.size() < page_size - at ? bytes.size() : page_size - at;
            __builtin_memcpy(into.data() + at, bytes.data(), count);
            bytes = bytes.subspan(count);
            offset += count;
        }
        return {};
    }
};

}  // namespace image
