// SPDX-License-Identifier: MIT
// Lines from the hypervisor: log(...) prints "(GR) ..." on the console and
// keeps it in the ring that `xl dmesg` reads.
#pragma once

#include "kernel/base/format.hpp"

// One complete line, without prefix and newline.
void log_line(std::string_view line);

template <class... A>
void log(text::Format<std::type_identity_t<A>...> f, A const&... a) {
    std::array<char, 400> buf;
    std::array<text::Arg, sizeof...(A)> const args{text::arg_of(a)...};
    log_line(text::vformat_to(buf, f.text, args));
}
