// SPDX-License-Identifier: MIT
// Where the machine spends its time, by sampling (kernel/profile).
#include "kernel/profile/profile.hpp"

#include <algorithm>

#include "kernel/machine/sampling.hpp"
#include "kernel/mm/heap.hpp"
#include "kernel/monitor/command.hpp"

namespace monitor {
namespace {

using profile::Place;

struct Sum {
    Place place{};
    u64 samples = 0;
};

u64 places_noted() {
    u64 n = 0;
    profile::for_each([&](Place const&, u32) { ++n; });
    return n;
}

// The hypervisor's functions count as one place each; what guests run has no
// name here, so there it is single instructions.
Place place_shown(Place const& p) {
    return p.who == profile::hypervisor ? Place{p.who, p.address - machine::function_at(p.address).offset}
                                        : p;
}

// One sum a place, in the order of places. Samples may go on: what comes after
// the room was measured is left out.
std::span<Sum> sums_by_place(std::span<Sum> room) {
    usize used = 0;
    profile::for_each([&](Place const& p, u32 count) {
        if (used < room.size())
            room[used++] = {place_shown(p), count};
    });
    auto const all = room.first(used);
    std::ranges::sort(all, {}, [](Sum const& s) { return std::pair{s.place.who, s.place.address}; });
    usize kept = 0;
    for (Sum const& s : all)
        if (kept != 0 && all[kept - 1].place == s.place)
            all[kept - 1].samples += s.samples;
        else
            all[kept++] = s;
    return all.first(kept);
}

using Words = std::array<char, 16>;

std::string_view name_of(u32 who, Words& buffer) {
    if (who == profile::hypervisor)
        return "granite";
    return who == profile::idle ? "idle" : text::format_to(buffer, "d{}", who);
}

std::string_view share(u64 part, u64 whole, Words& buffer) {
    u64 const permille = part * 1000 / whole;
    return text::format_to(buffer, "{}.{}%", permille / 10, permille % 10);
}

// `sums` in the order of places: each owner's together.
void show_owners(std::span<Sum const> sums, u64 all, Report& out) {
    static constexpr std::array columns{Column{"WHO", 8, true}, Column{"SAMPLES", 9}, Column{"SHARE", 7}};
    out.table(columns);
    for (usize i = 0; i < sums.size();) {
        u32 const who = sums[i].place.who;
        u64 n = 0;
        for (; i < sums.size() && sums[i].place.who == who; ++i)
            n += sums[i].samples;
        Words name;
        Words part;
        out.row({name_of(who, name), n, share(n, all, part)});
    }
}

// Of templates, names can be longer than a line has room for.
constexpr usize longest_name = 80;

void show_places(std::span<Sum const> sums, u64 all, Report& out) {
    static constexpr std::array columns{Column{"WHO", 8, true}, Column{"SAMPLES", 9}, Column{"SHARE", 7},
                                        Column{"ADDRESS", 18}, Column{"FUNCTION", 0, true}};
    out.table(columns);
    for (Sum const& s : sums) {
        Words name;
        Words part;
        std::string_view const function =
            s.place.who == profile::hypervisor ? machine::function_at(s.place.address).name : "";
        out.row({name_of(s.place.who, name), s.samples, share(s.samples, all, part),
                 Value::hex(s.place.address), function.empty() ? "-" : function.substr(0, longest_name)});
    }
}

void show(u64 most, Report& out) {
    auto const room = mm::HeapArray<Sum>::make(places_noted());
    if (!room)
        return out.refuse("there are no samples: 'prof on' begins");
    auto const sums = sums_by_place(room->span());
    u64 all = 0;
    for (Sum const& s : sums)
        all += s.samples;
    show_owners(sums, all, out);
    std::ranges::sort(sums, std::ranges::greater{}, &Sum::samples);
    show_places(sums.first(std::min<u64>(most, sums.size())), all, out);
    if (u64 const lost = profile::crowded(); lost != 0)
        out.note("{} samples of too many places are left out", lost);
}

void say(Result<> const& done, std::string_view what, Report& out) {
    if (done)
        out.note("sampling is {}", what);
    else if (done.error() == Errno::nodev)
        out.refuse("this machine has no timer that could interrupt the hypervisor");
    else
        out.refuse("no memory for samples, or somebody else is at it: try again");
}

}  // namespace

void show_profile(Arguments const& args, Report& out) {
    constexpr u64 usual = 40;
    if (args[0] == "on")
        return say(profile::start(), "on", out);
    if (args[0] == "off")
        return say(profile::stop(), "off", out);
    auto const most = args.number(0);
    if (args.count() != 0 && !most)
        return out.refuse("on, off, or how many places to show");
    show(most.value_or(usual), out);
}

}  // namespace monitor
