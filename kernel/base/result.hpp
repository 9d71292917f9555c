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

template <class T = void>
struct [[nodiscard]] Result : std::expected<T, Errno> {
    using std::expected<T, Errno>::expected;
};

using Fail = std::unexpected<Errno>;

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
