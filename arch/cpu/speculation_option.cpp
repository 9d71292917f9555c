// SPDX-License-Identifier: MIT
// `spec-ctrl=LIST`: a word for all, or NAME, no-NAME and NAME=BOOL for each. Later
// ones win; unknown ones, of which Xen has many, change nothing.
#include <algorithm>
#include <array>
#include <optional>

#include "arch/cpu/speculation.hpp"

namespace arch {
namespace {

std::optional<bool> truth_of(std::string_view word) {
    constexpr std::array<std::string_view, 5> yes{"yes", "on", "true", "enable", "1"};
    constexpr std::array<std::string_view, 5> no{"no", "off", "false", "disable", "0"};
    if (std::ranges::find(yes, word) != yes.end())
        return true;
    if (std::ranges::find(no, word) != no.end())
        return false;
    return std::nullopt;
}

// Takes what stands before `separator` off the front of `text`.
std::string_view take_until(std::string_view& text, char separator) {
    std::string_view const part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

void set_one(SpeculationWishes& w, std::string_view name, bool on) {
    if (name == "ibpb")
        w.ibpb = on;
    else if (name == "ibrs")
        w.ibrs = on;
    else if (name == "stibp")
        w.stibp = on;
    else if (name == "md-clear")
        w.md_clear = w.md_clear_forced = on;
}

void apply(SpeculationWishes& w, std::string_view item) {
    if (auto const all = truth_of(item)) {
        w = {.ibpb = *all, .ibrs = *all, .stibp = *all, .md_clear = *all};
        return;
    }
    std::string_view name = take_until(item, '=');
    bool on = truth_of(item).value_or(true);
    if (name.starts_with("no-")) {
        name.remove_prefix(3);
        on = false;
    }
    set_one(w, name, on);
}

}  // namespace

SpeculationWishes speculation_wishes(std::string_view line) {
    constexpr std::string_view option = "spec-ctrl=";
    SpeculationWishes wishes;
    while (!line.empty()) {
        std::string_view word = take_until(line, ' ');
        if (!word.starts_with(option))
            continue;
        word.remove_prefix(option.size());
        while (!word.empty())
            apply(wishes, take_until(word, ','));
    }
    return wishes;
}

}  // namespace arch
