// SPDX-License-Identifier: MIT
// Memory shared with a device. Its address for the device is a Maddr, so a
// guest's own frame numbers cannot reach a card by mistake.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace io {

// Owns consecutive machine memory; copies share it.
class DmaMemory {
  public:
    // The host's answer: zeroed, page aligned.
    static Result<DmaMemory> allocate(usize bytes);

    DmaMemory() = default;
    DmaMemory(std::span<std::byte> bytes, Maddr at, std::shared_ptr<void> keep)
        : bytes_{bytes}, at_{at}, keep_{std::move(keep)} {}

    [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }
    [[nodiscard]] Maddr maddr() const { return at_; }
    template <class T>
    [[nodiscard]] std::span<T> as() const {
        static_assert(alignof(T) <= page_size);
        return {reinterpret_cast<T*>(bytes_.data()), bytes_.size() / sizeof(T)};
    }

  private:
    std::span<std::byte> bytes_;
    Maddr at_{};
    std::shared_ptr<void> keep_;
};

}  // namespace io
