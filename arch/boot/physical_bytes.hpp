// SPDX-License-Identifier: MIT
// Physical memory as the boot loader's structures see it: bytes by address,
// every access checked. On the machine it is the first 4 GiB, in tests a buffer.
#pragma once

#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "kernel/base/types.hpp"

namespace boot {

class PhysicalBytes {
    std::span<u8 const> memory_;  // byte n has physical address n

  public:
    explicit PhysicalBytes(std::span<u8 const> memory) : memory_{memory} {}

    [[nodiscard]] std::optional<std::span<u8 const>> range(u64 address, u64 bytes) const {
        if (address > memory_.size() || bytes > memory_.size() - address)
            return {};
        return memory_.subspan(address, bytes);
    }

    template <class T>
    [[nodiscard]] std::optional<T> read(u64 address) const {
        static_assert(std::is_trivially_copyable_v<T>);
        auto const from = range(address, sizeof(T));
        if (!from)
            return {};
        T value;
        std::memcpy(&value, from->data(), sizeof value);
        return value;
    }

    // A string with its end found before `limit` bytes have passed.
    [[nodiscard]] std::optional<std::string_view> string(u64 address, u64 limit) const {
        for (u64 n = 0; n < limit; ++n) {
            auto const c = read<u8>(address + n);
            if (!c)
                return {};
            if (*c == 0)
                return std::string_view{reinterpret_cast<char const*>(memory_.data() + address), n};
        }
        return {};
    }
};

}  // namespace boot
