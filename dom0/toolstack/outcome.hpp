// SPDX-License-Identifier: MIT
// Success, or a sentence for the person who asked.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/base/result.hpp"

namespace toolstack {

template <class T = void>
using Outcome = std::expected<T, std::string>;

using Failure = std::unexpected<std::string>;

std::string_view describe(Errno error);

// "cannot map the console page: no such device"
template <class T>
Outcome<T> or_say(Result<T> result, std::string_view what) {
    if (!result)
        return Failure{std::string{what}.append(": ").append(describe(result.error()))};
    if constexpr (std::is_void_v<T>)
        return {};
    else
        return std::move(*result);
}

// Value of an Outcome, or leave the function with its failure. May be nested,
// hence a name for each use. DO where there is no value to be had or wanted.
#define GET(expr) GET_NUMBERED(expr, __COUNTER__)
#define GET_NUMBERED(expr, number) GET_PASTED(expr, number)
#define GET_PASTED(expr, number) GET_AS(expr, get_outcome_##number)
#define GET_AS(expr, outcome)                           \
    __extension__({                                     \
        auto outcome = (expr);                          \
        if (!outcome)                                   \
            return toolstack::Failure{outcome.error()}; \
        std::move(*outcome);                            \
    })
#define DO(expr)                                            \
    do {                                                    \
        auto do_outcome_ = (expr);                          \
        if (!do_outcome_)                                   \
            return toolstack::Failure{do_outcome_.error()}; \
    } while (false)

}  // namespace toolstack
