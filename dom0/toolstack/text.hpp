// SPDX-License-Identifier: MIT
// Small helpers for text that people write.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/base/types.hpp"

namespace toolstack {

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trimmed(std::string_view text);

// The word of `known` that `word` was probably meant to be; empty when none is
// near.
std::string_view nearest(std::string_view word, std::span<std::string_view const> known);
// The end of a complaint about a word: ", did you mean 'x'?", or `otherwise`.
std::string did_you_mean(std::string_view word, std::span<std::string_view const> known,
                         std::string_view otherwise);

// The whole text as a number.
template <std::unsigned_integral T>
std::optional<T> to_number(std::string_view text, int base = 10) {
    T value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

}  // namespace toolstack
