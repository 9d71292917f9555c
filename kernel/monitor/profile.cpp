// SPDX-License-Identifier: MIT
// Where the machine spends its time, by sampling (kernel/profile).
#include "kernel/profile/profile.hpp"

#include <algorithm>
#include <utility>

#include "kernel/machine/sampling.hpp"
#include "kernel/mm/heap.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/gradual_sort.hpp"
#include "kernel/monitor/names.hpp"

namespace monitor {
namespace {

using profile::Place;

struct Sum {
    Place place{};
    u64 samples = 0;
};

// The hypervisor's functions count as one place each; what guests run has no
// name here, so there it is single instructions.
Place place_shown(Place const& p) {
    return p.who == profile::hypervisor ? Place{p.who, p.address - machine::function_at(p.address).offset}
                                        : p;
}

bool by_place(Sum const& a, Sum const& b) {
    return std::pair{a.place.who, a.place.address} < std::pair{b.place.who, b.place.address};
}
bool by_samples(Sum const& a, Sum const& b) {
    return a.samples > b.samples;
}

// Samples may go on: what comes after the room was measured is left out.
struct Samples {
    std::span<Sum> room;
    usize used = 0;
    u64 all = 0;

    void operator()(Place const& p, u32 count) {
        if (used == room.size())
            return;
        room[used++] = {place_shown(p), count};
        all += count;
    }
    [[nodiscard]] std::span<Sum> seen() const { return room.first(used); }
};

// One sum a place, where places come in order.
struct Sums {
    std::span<Sum> room;  // may be that of the samples
    usize used = 0;

    void operator()(Sum next) {
        if (used != 0 && room[used - 1].place == next.place)
            room[used - 1].samples += next.samples;
        else
            room[used++] = next;
    }
    [[nodiscard]] std::span<Sum> all() const { return room.first(used); }
};

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

void owner_row(Sum const& s, u64 all, Report& out) {
    Words name;
    Words part;
    out.row({name_of(s.place.who, name), s.samples, share(s.samples, all, part)});
}

void place_row(Sum const& s, u64 all, Report& out) {
    constexpr usize longest_name = 80;
    Words name;
    Words part;
    std::string_view const function =
        s.place.who == profile::hypervisor ? machine::function_at(s.place.address).name : "";
    out.row({name_of(s.place.who, name), s.samples, share(s.samples, all, part), Value::hex(s.place.address),
             function.empty() ? "-" : function_name(function, longest_name)});
}

// `sums` in the order of places: each owner's together.
Task show_sums(Sums sums, u64 all, u64 most, Report& out) {
    static constexpr std::array owners{Column{"WHO", 8, true}, Column{"SAMPLES", 9}, Column{"SHARE", 7}};
    static constexpr std::array places{Column{"WHO", 8, true}, Column{"SAMPLES", 9}, Column{"SHARE", 7},
                                       Column{"ADDRESS", 18}, Column{"FUNCTION", 0, true}};
    out.table(owners);
    Sum owner;
    for (Sum const& s : sums.all()) {
        if (owner.samples != 0 && owner.place.who != s.place.who)
            owner_row(std::exchange(owner, {}), all, out);
        owner = {s.place, owner.samples + s.samples};
        co_await preemption_point;
    }
    owner_row(owner, all, out);
    for (GradualSort sort{sums.all(), by_samples}; sort.step();)
        co_await preemption_point;
    out.table(places);
    for (Sum const& s : sums.all().first(std::min<u64>(most, sums.used))) {
        place_row(s, all, out);
        co_await preemption_point;
    }
    if (u64 const lost = profile::crowded(); lost != 0)
        out.note("{} samples of too many places are left out", lost);
}

Task show(u64 most, Report& out) {
    u64 noted = 0;
    auto const count = [&](Place const&, u32) { ++noted; };
    for (usize from = 0; profile::for_some(from, count); from += profile::portion)
        co_await preemption_point;
    auto const room = mm::HeapArray<Sum>::make(noted);
    if (!room) {
        out.refuse("there are no samples: 'prof on' begins");
        co_return;
    }
    Samples samples{room->span()};
    for (usize from = 0; profile::for_some(from, [&](Place const&p, u32 n) { samples(p, n); });
         from += profile::portion)
        co_await preemption_point;
    for (GradualSort sort{samples.seen(), by_place}; sort.step();)
        co_await preemption_point;
    Sums sums{room->span()};
    for (Sum const& s : samples.seen()) {
        sums(s);
        co_await preemption_point;
    }
    co_await show_sums(sums, samples.all, most, out);
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

Task show_profile(Arguments const& args, Report& out) {
    constexpr u64 usual = 40;
    auto const most = args.count() == 0 ? usual : args.number(0);
    if (most)
        return show(*most, out);
    if (args[0] == "on")
        say(profile::start(), "on", out);
    else if (args[0] == "off")
        say(profile::stop(), "off", out);
    else
        out.refuse("on, off, or how many places to show");
    return {};
}

}  // namespace monitor
