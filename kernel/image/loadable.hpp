// SPDX-License-Identifier: MIT
// The outcome of looking at a kernel image: what was wanted, or a sentence that
// says what was found instead. The sentence is for the person who named the
// file, so it is text and not a number.
#pragma once

#include <expected>
#include <string_view>

namespace image {

using Refusal = std::string_view;

template <class T = void>
using Loadable = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(Refusal why) {
    return std::unexpected<Refusal>{why};
}

}  // namespace image
