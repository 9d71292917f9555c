// SPDX-License-Identifier: MIT
// The guest's own memory in whole pages. All of it is mapped, writable and in
// pseudo-physical order, at one stretch of virtual addresses.
#pragma once

#include <cstddef>
#include <span>

#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace rt {

// Owns consecutive pages, zeroed when allocated. Consecutive in virtual and
// pseudo-physical addresses only: see dma.hpp for machine addresses.
class Pages {
  public:
    static Result<Pages> allocate(usize count = 1);

    Pages() = default;
    Pages(Pages&& other) noexcept;
    Pages& operator=(Pages&& other) noexcept;
    ~Pages();

    [[nodiscard]] usize count() const { return count_; }
    [[nodiscard]] std::byte* data() const { return first_; }
    [[nodiscard]] std::span<std::byte> bytes() const { return {first_, count_ * page_size}; }
    [[nodiscard]] Mfn mfn(usize index = 0) const;
    template <class T>
    [[nodiscard]] T* as() const {
        static_assert(alignof(T) <= page_size);
        return reinterpret_cast<T*>(first_);
    }

    // Give the pages up without freeing them: a peer may still write to them.
    std::byte* release();

  private:
    Pages(std::byte* first, usize count) : first_{first}, count_{count} {}

    std::byte* first_ = nullptr;
    usize count_ = 0;
};

struct PageCounts {
    u64 total = 0;
    u64 free = 0;
};
PageCounts page_counts();

// Machine frame behind an address of the guest's own memory.
Mfn mfn_of(void const* address);

}  // namespace rt
