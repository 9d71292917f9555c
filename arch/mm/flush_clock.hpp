// SPDX-License-Identifier: MIT
// Comparing flush numbers that wrap around (TLB-2). Right as long as no CPU's
// own number is half the range behind; beyond that it errs on flushing for
// stamps, and tlb.cpp flushes everybody long before a CPU falls that far back.
#pragma once

#include <type_traits>

#include "kernel/base/types.hpp"

namespace arch {

// Whether a flush numbered `own` began after the clock had read `stamp`.
template <class Word>
constexpr bool flushed_since(Word own, Word stamp) {
    return static_cast<std::make_signed_t<Word>>(static_cast<Word>(own - stamp)) > 0;
}

}  // namespace arch
