// SPDX-License-Identifier: MIT
#include "kernel/monitor/answer/arguments.hpp"

#include <algorithm>
#include <charconv>

namespace monitor {

std::optional<u64> number_of(std::string_view s) {
    u64 n = 0;
    bool const hex = s.starts_with("0x");
    if (hex)
        s.remove_prefix(2);
    auto const r = std::from_chars(s.data(), s.data() + s.size(), n, hex ? 16 : 10);
    if (r.ec != std::errc{} || r.ptr != s.data() + s.size())
        return std::nullopt;
    return n;
}

Arguments::Arguments(std::string_view line) {
    while (!line.empty()) {
        usize const end = std::min(line.find(' '), line.size());
        std::string_view const word = line.substr(0, end);
        line.remove_prefix(std::min(end + 1, line.size()));
        if (word == "-j")
            json_ = true;
        else if (word == "-v")
            verbose_ = true;
        else if (!word.empty() && count_ < words_.size())
            words_[count_++] = word;
    }
}

std::optional<u64> Arguments::number(usize n) const {
    return number_of((*this)[n]);
}

}  // namespace monitor
