// SPDX-License-Identifier: MIT
// Payloads are made of fields that end with a NUL byte, numbers are written in
// decimal.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace xenstore {

class Fields {
    std::string_view rest_;

  public:
    explicit Fields(std::string_view payload) : rest_{payload} {}

    // The next terminated field; what lacks its NUL is left in rest().
    std::optional<std::string_view> next() {
        auto const end = rest_.find('\0');
        if (end == std::string_view::npos)
            return std::nullopt;
        auto const field = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return field;
    }

    [[nodiscard]] std::string_view rest() const { return rest_; }
};

template <std::unsigned_integral T>
std::optional<T> number_in(std::string_view text) {
    T value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

}  // namespace xenstore
