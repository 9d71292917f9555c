// SPDX-License-Identifier: MIT
// Taking apart what is written in a policy.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

#include "kernel/base/types.hpp"

namespace policy {

// The text before the separator; `text` keeps what is behind it, and becomes
// one without data when there is no separator.
inline std::string_view cut(std::string_view& text, char separator) {
    auto const at = text.find(separator);
    auto const before = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    return before;
}

// The whole text as a number.
template <std::unsigned_integral T>
std::optional<T> number(std::string_view text, int base = 10) {
    T value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// Both ends of "7-9", or of "7".
template <std::unsigned_integral T>
struct Range {
    T first{};
    T last{};
};
template <std::unsigned_integral T>
std::optional<Range<T>> range(std::string_view text) {
    auto const first = number<T>(cut(text, '-'));
    auto const last = text.data() == nullptr ? first : number<T>(text);
    if (!first || !last || *last < *first)
        return std::nullopt;
    return Range<T>{*first, *last};
}

// Words between blanks. False as soon as `take` says so of one.
template <class Take>
bool each_word(std::string_view text, Take take) {
    while (text.data() != nullptr)
        if (auto const word = cut(text, ' '); !word.empty() && !take(word))
            return false;
    return true;
}

}  // namespace policy
