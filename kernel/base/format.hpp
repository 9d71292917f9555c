// SPDX-License-Identifier: MIT
// Text from values, without a heap: format_to(buffer, "{} of {:#x}", a, b).
// One language for hypervisor, driver domain and monitor. Between the braces:
//   {}  {:x} hexadecimal  {:#x} with 0x  {:8} width  {:<8} left  {:08x} zeros
// Strong types format as the number they hold.
#pragma once

#include <array>
#include <concepts>
#include <span>
#include <string_view>
#include <type_traits>

#include "kernel/base/types.hpp"

namespace text {

// One argument, erased: what format_to's only non-template part works on.
struct Arg {
    enum class Kind : u8 { unsigned_, signed_, string, character } kind;
    u64 number = 0;
    std::string_view string{};
};

constexpr Arg arg_of(std::string_view s) {
    return {Arg::Kind::string, 0, s};
}
constexpr Arg arg_of(char const* s) {
    return {Arg::Kind::string, 0, s};
}
constexpr Arg arg_of(char c) {
    return {Arg::Kind::character, static_cast<u8>(c), {}};
}
constexpr Arg arg_of(bool b) {
    return {Arg::Kind::string, 0, b ? "yes" : "no"};
}
template <std::unsigned_integral T>
constexpr Arg arg_of(T v) {
    return {Arg::Kind::unsigned_, v, {}};
}
template <std::signed_integral T>
constexpr Arg arg_of(T v) {
    return {Arg::Kind::signed_, static_cast<u64>(s64{v}), {}};
}
template <class T>
requires std::is_enum_v<T>
constexpr Arg arg_of(T v) {
    return arg_of(static_cast<std::underlying_type_t<T>>(v));
}
template <class T>
requires requires(T v) {
    typename T::rep;
    v.raw();
}
constexpr Arg arg_of(T v) {
    return arg_of(v.raw());
}
template <class T>
constexpr Arg arg_of(T* p) {
    return {Arg::Kind::unsigned_, reinterpret_cast<u64>(p), {}};
}

// Not defined: reaching it at compile time is the error message.
void number_of_fields_and_arguments_differ();

// Counts the braces at compile time; a mismatch does not build.
template <class... A>
struct Format {
    std::string_view text;
    template <usize N>
    consteval Format(char const (&s)[N]) : text{s, N - 1} {
        usize fields = 0;
        for (usize i = 0; i + 1 < N; ++i) {
            if (s[i] == '{' && s[i + 1] == '{')
                ++i;
            else if (s[i] == '{')
                ++fields;
        }
        if (fields != sizeof...(A))
            number_of_fields_and_arguments_differ();
    }
};

// Writes as much as fits and returns what was written.
std::string_view vformat_to(std::span<char> out, std::string_view format, std::span<Arg const> args);

template <class... A>
std::string_view format_to(std::span<char> out, Format<std::type_identity_t<A>...> f, A const&... a) {
    std::array<Arg, sizeof...(A)> const args{arg_of(a)...};
    return vformat_to(out, f.text, args);
}

}  // namespace text
