// SPDX-License-Identifier: MIT
// Foreign bytes, read by offset with every access checked: what boot loaders
// and firmware leave behind, where any offset, length or string may be wrong.
#pragma once

#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "kernel/base/types.hpp"

class CheckedBytes {
    std::span<u8 const> bytes_;

  public:
    constexpr explicit CheckedBytes(std::span<u8 const> bytes) : bytes_{bytes} {}

    [[nodiscard]] usize size() const { return bytes_.size(); }

    [[nodiscard]] std::optional<std::span<u8 const>> range(u64 offset, u64 count) const {
        if (offset > bytes_.size() || count > bytes_.size() - offset)
            return {};
        return bytes_.subspan(offset, count);
    }

    template <class T>
    [[nodiscard]] std::optional<T> read(u64 offset) const {
        static_assert(std::is_trivially_copyable_v<T>);
        auto const from = range(offset, sizeof(T));
        if (!from)
            return {};
        T value;
        std::memcpy(&value, from->data(), sizeof value);
        return value;
    }

    // A string with its end found before `limit` bytes have passed.
    [[nodiscard]] std::optional<std::string_view> string(u64 offset, u64 limit) const {
        for (u64 n = 0; n < limit; ++n) {
            auto const c = read<u8>(offset + n);
            if (!c)
                return {};
            if (*c == 0)
                return std::string_view{reinterpret_cast<char const*>(bytes_.data() + offset), n};
        }
        return {};
    }
};
