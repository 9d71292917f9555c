// SPDX-License-Identifier: MIT
// Asked before constructors run, and where no memory can be had: all that it
// needs is here already.
#include "guest-pv/rt/memory/refusal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/console.hpp"
#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/cpu/report.hpp"
#include "guest-pv/rt/cpu/symbols.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/power.hpp"

namespace rt {

namespace {

using refusal::Place;
using refusal::Plan;

constexpr usize most_places = 4096;
constexpr unsigned most_callers = 16;

constinit bool command_line_read = false;
constinit bool allowed = false;
constinit bool started = false;
constinit Plan current = Plan::none;
constinit usize wanted = 0;         // of Plan::nth
constinit std::span<Place> places;  // of which so many are:
constinit usize known = 0;

// Memory that only those have who asked for this.
void make_room() {
    auto room = Pages::allocate(pages_for(most_places * sizeof(Place)));
    if (!room)
        panic("no memory to note who asks for memory");
    places = {room->as<Place>(), most_places};
    room->release();
}

void read_command_line() {
    command_line_read = true;
    auto const word = command_line_option("refuse");
    if (word.empty())
        return;
    make_room();
    allowed = true;
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), wanted);
    if (word == "each")
        current = Plan::each;
    else if (error == std::errc{} && end == word.data() + word.size() && wanted != 0)
        current = Plan::nth;
}

constexpr std::array<std::string_view, 5> library{"std::", "__gnu_cxx::", "operator new",
                                                  "rt::DmaMemory::allocate", "io::DmaMemory::allocate"};

// "std::string::append(…)", "void std::vector<…>::reserve(…)"
bool is_of_library(std::string_view function) {
    auto const typed = function.substr(0, std::min(function.find('('), function.find('<')));
    auto const name = typed.substr(typed.rfind(' ') + 1);
    return std::ranges::any_of(library, [&](auto prefix) { return name.starts_with(prefix); });
}

struct Caller {
    u64 key = 0;
    u64 address = 0;
};

// Each frame holds the caller's frame pointer and the return address.
Caller find_caller(void const* frame) {
    Caller caller;
    auto const* words = static_cast<u64 const*>(frame);
    for (unsigned depth = 0; depth < most_callers; ++depth) {
        u64 above = 0;
        u64 address = 0;
        if (!try_read(words, above) || !try_read(words + 1, address) || address == 0)
            return caller;
        caller = {(caller.key ^ address) * 0x9e37'79b9'7f4a'7c15, address};
        if (!is_of_library(find_symbol(address).name))
            return caller;
        words = reinterpret_cast<u64 const*>(above);
    }
    return caller;
}

// Null: there are too many. By numbers from 1, in the order in which they asked first.
Place* find_place(Caller const& caller) {
    auto const end = places.begin() + known;
    auto const found = std::find_if(places.begin(), end, [&](auto const& p) { return p.key == caller.key; });
    if (found != end)
        return &*found;
    if (known == places.size())
        return nullptr;
    places[known] = {.key = caller.key, .address = reinterpret_cast<void const*>(caller.address)};
    return &places[known++];
}

bool is_meant(Place const& place) {
    switch (current) {
        case Plan::none:
            return false;
        case Plan::nth:
            return place.asked == 1 && known == wanted;
        case Plan::next:
        case Plan::each:
            return started && place.refused == 0;
        case Plan::all:
            return true;
    }
    return false;
}

void tell(Place const& place) {
    console_write("memory is refused to ");
    write_place(reinterpret_cast<u64>(place.address));
    console_write("\n");
}

bool is_refused(Caller const& caller) {
    auto* const place = find_place(caller);
    if (place == nullptr)
        return false;
    ++place->asked;
    if (!is_meant(*place))
        return false;
    if (current == Plan::next)
        current = Plan::none;
    if (++place->refused == 1)
        tell(*place);
    return true;
}

}  // namespace

bool is_refused(void const* frame) {
    return refusal::is_allowed() && is_refused(find_caller(frame));
}

bool is_refused_here() {
    auto const address = reinterpret_cast<u64>(__builtin_return_address(0));
    return refusal::is_allowed() && is_refused(Caller{address, address});
}

void const* place_of(void const* frame) {
    return reinterpret_cast<void const*>(find_caller(frame).address);
}

void begin_refusals() {
    started = true;
}

bool refusal::is_allowed() {
    if (!command_line_read)
        read_command_line();
    return allowed;
}

void refusal::set_plan(Plan plan) {
    current = plan;
}

void refusal::for_each(std::function<void(Place const&)> const& look) {
    for (usize i = 0; i < known; ++i)
        look(places[i]);
}

}  // namespace rt
