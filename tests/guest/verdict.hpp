// SPDX-License-Identifier: MIT
// How a guest test says what it found. A test is a main() that makes CHECKs
// and ends with `return verdict::finish();`. The last line of its output is
//
//   SUCCESS          every check held
//   FAILURE why      the hypervisor broke a promise
//   SKIP why         this machine cannot show it
//   ERROR why        the test itself could not do its work
//
// Each test also runs on Debian's Xen as its first domain and must say the same
// there, unless tests/guest/differences.txt gives the reason.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "kernel/base/result.hpp"

namespace verdict {

inline unsigned checks = 0;
inline unsigned failures = 0;

inline void check(bool held, char const* what, char const* file, int line, s64 seen = 0) {
    ++checks;
    if (held)
        return;
    ++failures;
    std::printf("check failed: %s (saw %lld) at %s:%d\n", what, static_cast<long long>(seen), file, line);
}

// What a hypercall answered, as the ABI has it: a value, or minus an errno.
template <class T>
s64 raw(Result<T> const& r) {
    if (!r)
        return -static_cast<s64>(r.error());
    if constexpr (std::is_void_v<T>)
        return 0;
    else
        return static_cast<s64>(*r);
}
constexpr s64 raw(s64 r) {
    return r;
}
constexpr s64 raw(Errno e) {
    return -static_cast<s64>(e);
}

inline int finish() {
    if (failures != 0)
        std::printf("FAILURE %u of %u checks\n", failures, checks);
    else if (checks == 0)
        std::puts("ERROR no check was made");
    else
        std::puts("SUCCESS");
    return 0;
}

inline int skip(char const* why) {
    std::printf("SKIP %s\n", why);
    return 0;
}

inline int error(char const* why) {
    std::printf("ERROR %s\n", why);
    return 0;
}

}  // namespace verdict

#define CHECK(condition) verdict::check(static_cast<bool>(condition), #condition, __FILE__, __LINE__)

// Something the test cannot go on without.
#define NEED(condition)                                  \
    do {                                                 \
        if (!(condition))                                \
            std::exit(verdict::error("no " #condition)); \
    } while (false)

// A hypercall's answer equals a number or an Errno.
#define CHECK_ANSWER(call, expected)                                                                     \
    do {                                                                                                 \
        s64 const answer_ = verdict::raw(call);                                                          \
        verdict::check(answer_ == verdict::raw(expected), #call " gives " #expected, __FILE__, __LINE__, \
                       answer_);                                                                         \
    } while (false)
