// SPDX-License-Identifier: MIT
#include "dom0/toolstack/cpu_list.hpp"

#include <bit>

#include "dom0/toolstack/text.hpp"

namespace toolstack {
namespace {

constexpr unsigned most_cpus = 64;

// "all", "N" or "N-M".
Outcome<CpuMask> range_in(std::string_view text) {
    if (text == "all")
        return any_cpu;
    auto const dash = text.find('-');
    auto const first = to_number<unsigned>(text.substr(0, dash));
    auto const last = dash == std::string_view::npos ? first : to_number<unsigned>(text.substr(dash + 1));
    if (!first || !last || *first > *last || *last >= most_cpus)
        return Failure{"'" + std::string{text} + "' names no processors: write all, N or N-M"};
    return first_cpus(*last + 1) & ~first_cpus(*first);
}

}  // namespace

CpuMask first_cpus(unsigned count) {
    return count >= most_cpus ? any_cpu : (CpuMask{1} << count) - 1;
}

Outcome<CpuMask> parse_cpus(std::string_view text) {
    CpuMask mask = 0;
    for (auto part : split(text, ',')) {
        part = trimmed(part);
        bool const without = part.starts_with('^');
        part.remove_prefix(without ? 1 : 0);
        CpuMask const range = GET(range_in(part));
        mask = without ? mask & ~range : mask | range;
    }
    if (mask == 0)
        return Failure{"'" + std::string{text} + "' leaves no processor"};
    return mask;
}

std::string cpus_text(CpuMask mask, unsigned cpus) {
    CpuMask const known = first_cpus(cpus);
    if ((mask & known) == known)
        return "all";
    if ((mask & known) == 0)
        return "none";
    std::string text;
    for (CpuMask rest = mask & known; rest != 0;) {
        auto const first = static_cast<unsigned>(std::countr_zero(rest));
        auto const end = first + static_cast<unsigned>(std::countr_one(rest >> first));
        text += (text.empty() ? "" : ",") + std::to_string(first);
        if (end - first > 1)
            text += "-" + std::to_string(end - 1);
        rest &= ~first_cpus(end);
    }
    return text;
}

}  // namespace toolstack
