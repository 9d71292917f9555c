// SPDX-License-Identifier: MIT
#include <charconv>

#include "kernel/monitor/command.hpp"

namespace monitor {
namespace {

std::optional<u64> parse(std::string_view s) {
    u64 n = 0;
    bool const hex = s.starts_with("0x");
    if (hex)
        s.remove_prefix(2);
    auto const r = std::from_chars(s.data(), s.data() + s.size(), n, hex ? 16 : 10);
    if (r.ec != std::errc{} || r.ptr != s.data() + s.size())
        return std::nullopt;
    return n;
}

}  // namespace

Arguments::Arguments(std::string_view line) {
    while (!line.empty()) {
        usize const end = std::min(line.find(' '), line.size());
        std::string_view const word = line.substr(0, end);
        line.remove_prefix(std::min(end + 1, line.size()));
        if (word == "-j")
            json_ = true;
        else if (!word.empty() && count_ < words_.size())
            words_[count_++] = word;
    }
}

std::optional<u64> Arguments::number(usize n) const {
    return parse((*this)[n]);
}

DomainRef domain_argument(Arguments const& args, usize n, Report& out) {
    std::string_view word = args[n];
    if (word.starts_with('d'))
        word.remove_prefix(1);
    auto const id = parse(word);
    if (!id) {
        out.refuse("which domain? '{}' is not the number of one", args[n]);
        return {};
    }
    DomainRef d = *id < DOMID_FIRST_RESERVED ? domains::next_from(DomId{static_cast<u16>(*id)}) : DomainRef{};
    if (d && d->id.raw() == *id)
        return d;
    out.refuse("there is no domain {}", *id);
    return {};
}

}  // namespace monitor
