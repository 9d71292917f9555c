// SPDX-License-Identifier: MIT
// Failure is a value. Errno is the ABI's own list, so handing an error to a
// guest is one negation.
#pragma once

#include <expected>
#include <type_traits>
#include <utility>

#include "kernel/base/types.hpp"

// Numbers of xen/errno.h; `restart` never reaches a guest: it asks the
// dispatcher to run the call again from where it left off.
enum class Errno : int {
    perm = 1,
    noent = 2,
    srch = 3,
    intr = 4,
    io = 5,
    nxio = 6,
    toobig = 7,
    noexec = 8,
    badf = 9,
    again = 11,
    nomem = 12,
    access = 13,
    fault = 14,
    busy = 16,
    exist = 17,
    xdev = 18,
    nodev = 19,
    notdir = 20,
    isdir = 21,
    inval = 22,
    nospc = 28,
    rofs = 30,
    dom = 33,
    range = 34,
    deadlk = 35,
    nosys = 38,
    notempty = 39,
    nodata = 61,
    overflow = 75,
    ilseq = 84,
    restart = 85,
    notsock = 88,
    msgsize = 90,
    opnotsupp = 95,
    addrinuse = 98,
    addrnotavail = 99,
    nobufs = 105,
    isconn = 106,
    notconn = 107,
    timedout = 110,
    connrefused = 111,
};

using Fail = std::unexpected<Errno>;

template <class T = void>
class Result;

// Success is the error that no number stands for. A Result<> is that one number.
template <>
class [[nodiscard]] Result<void> {
    Errno error_{};

  public:
    constexpr Result() = default;
    constexpr Result(Fail f) : error_{f.error()} {}

    [[nodiscard]] constexpr bool has_value() const { return error_ == Errno{}; }
    constexpr explicit operator bool() const { return has_value(); }
    [[nodiscard]] constexpr Errno error() const { return error_; }

    constexpr bool operator==(Result const&) const = default;
    constexpr bool operator==(Fail const& f) const { return error_ == f.error(); }
};

// Used like std::expected<T, Errno>. With a failure stands a T{}, which spares
// a union: so a number and its error travel in registers, which counts on the
// way of every hypercall.
template <class T>
requires std::is_default_constructible_v<T>
class [[nodiscard]] Result<T> {
    T value_{};
    Errno error_{};

    template <class U>
    static constexpr bool is_value =
        !std::is_same_v<std::remove_cvref_t<U>, Result> && !std::is_same_v<std::remove_cvref_t<U>, Fail> &&
        !std::is_same_v<std::remove_cvref_t<U>, std::in_place_t> && std::is_constructible_v<T, U>;

  public:
    using value_type = T;

    constexpr Result() = default;
    template <class U = T>
    requires is_value<U>
    constexpr explicit(!std::is_convertible_v<U, T>) Result(U&& value) : value_(std::forward<U>(value)) {}
    template <class... A>
    constexpr explicit Result(std::in_place_t, A&&... a) : value_(std::forward<A>(a)...) {}
    constexpr Result(Fail f) : error_{f.error()} {}

    [[nodiscard]] constexpr bool has_value() const { return error_ == Errno{}; }
    constexpr explicit operator bool() const { return has_value(); }
    [[nodiscard]] constexpr Errno error() const { return error_; }

    constexpr T& operator*() & { return value_; }
    constexpr T const& operator*() const& { return value_; }
    constexpr T&& operator*() && { return std::move(value_); }
    constexpr T* operator->() { return &value_; }
    constexpr T const* operator->() const { return &value_; }
    // For who is sure: ends the program where there is none.
    constexpr T const& value() const& {
        if (!has_value())
            __builtin_trap();
        return value_;
    }
    constexpr T&& value() && {
        if (!has_value())
            __builtin_trap();
        return std::move(value_);
    }
    template <class U>
    [[nodiscard]] constexpr T value_or(U&& other) const& {
        return has_value() ? value_ : static_cast<T>(std::forward<U>(other));
    }
    template <class U>
    [[nodiscard]] constexpr T value_or(U&& other) && {
        return has_value() ? std::move(value_) : static_cast<T>(std::forward<U>(other));
    }

    constexpr bool operator==(T const& value) const { return has_value() && value_ == value; }
    constexpr bool operator==(Fail const& f) const { return error_ == f.error(); }
};

// What cannot be without a value.
template <class T>
requires(!std::is_void_v<T> && !std::is_default_constructible_v<T>) class [[nodiscard]] Result<T>
    : public std::expected<T, Errno> {
  public:
    using std::expected<T, Errno>::expected;
};

// Value of a Result, or leave the function with its error. TRY_VOID where
// there is no value to be had or wanted.
#define TRY(expr)                             \
    __extension__({                           \
        auto try_result_ = (expr);            \
        if (!try_result_) [[unlikely]]        \
            return Fail{try_result_.error()}; \
        std::move(*try_result_);              \
    })
#define TRY_VOID(expr)                             \
    do {                                           \
        auto try_void_result_ = (expr);            \
        if (!try_void_result_) [[unlikely]]        \
            return Fail{try_void_result_.error()}; \
    } while (false)
