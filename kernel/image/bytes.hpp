// SPDX-License-Identifier: MIT
// Reading structures out of a file that may lie about its own layout. Offsets
// and sizes come from the file, so sums are checked before they are used.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "kernel/base/types.hpp"

namespace image {

using Bytes = std::span<std::byte const>;

// The part [offset, offset + size) of `file`, if it has one.
constexpr std::optional<Bytes> part_of(Bytes file, u64 offset, u64 size) {
    if (offset > file.size() || size > file.size() - offset)
        return std::nullopt;
    return file.subspan(offset, size);
}

// A copy, because a structure in a file need not be aligned.
template <class T>
requires std::is_trivially_copyable_v<T> std::optional<T> read_at(Bytes file, u64 offset) {
    auto const part = part_of(file, offset, sizeof(T));
    if (!part)
        return std::nullopt;
    T value;
    __builtin_memcpy(&value, part->data(), sizeof value);
    return value;
}

inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

}  // namespace image
