// SPDX-License-Identifier: MIT
// Asked before constructors run, and where no memory can be had: all that it
// needs is here already.
#include "guest-pv/rt/memory/refusal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/console.hpp"
#include "guest-pv/rt/cpu/symbols.hpp"

namespace rt {

namespace {

constexpr usize most_places = 1024;

constinit std::array<void const*, most_places> places{};
constinit usize known = 0;
constinit std::optional<usize> wanted;  // once it is known; 0: none

usize read_wanted() {
    auto const word = command_line_option("refuse");
    usize number = 0;
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    bool const good = error == std::errc{} && end == word.data() + word.size();
    return good ? std::min(number, most_places) : 0;
}

// By numbers from 1, in the order in which they asked first.
bool is_the_wanted(void const* place) {
    auto const end = places.begin() + known;
    if (known == most_places || std::find(places.begin(), end, place) != end)
        return false;
    *end = place;
    return ++known == *wanted;
}

void tell(void const* place) {
    auto const symbol = find_symbol(reinterpret_cast<u64>(place));
    std::array<char, 16> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), symbol.offset, 16).ptr;
    console_write("memory is refused to ");
    console_write(symbol.name);
    console_write("+0x");
    console_write({digits.data(), static_cast<usize>(end - digits.data())});
    console_write("\n");
}

}  // namespace

bool is_refused(void const* caller) {
    if (!wanted)
        wanted = read_wanted();
    if (known >= *wanted || !is_the_wanted(caller))
        return false;
    tell(caller);
    return true;
}

}  // namespace rt
