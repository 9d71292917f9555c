// SPDX-License-Identifier: MIT
#include "dom0/control/memory_questions.hpp"

#include <algorithm>
#include <array>

#include "guest-pv/rt/cpu/symbols.hpp"
#include "guest-pv/rt/memory/heap.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/memory/refusal.hpp"
#include "guest-pv/rt/memory/reserve.hpp"

namespace control {
namespace {

using monitor::Column;
using monitor::Report;
using monitor::Value;
using rt::refusal::Plan;

struct Word {
    std::string_view word;
    Plan plan;
};
constexpr std::array words{
    Word{"next", Plan::next},
    Word{"each", Plan::each},
    Word{"all", Plan::all},
    Word{"off", Plan::none},
};

void show_places(Report& out) {
    static constexpr std::array columns{Column{"SITE", 48, true}, Column{"OFFSET", 6}, Column{"ASKED", 9},
                                        Column{"REFUSED", 7}};
    u64 places = 0;
    u64 refused = 0;
    rt::refusal::for_each([&](auto const& place) {
        ++places;
        refused += place.refused != 0 ? 1 : 0;
    });
    out.note("{} places have asked for memory, {} were refused", places, refused);
    out.table(columns);
    rt::refusal::for_each([&](auto const& place) {
        auto const symbol = rt::find_symbol(reinterpret_cast<u64>(place.address));
        out.row({symbol.name, Value::hex(symbol.offset), place.asked, place.refused});
    });
}

}  // namespace

void show_heap(monitor::Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"PAGES", 8}, Column{"FREE", 8},    Column{"HEAP", 10},
                                        Column{"USED", 10}, Column{"RESERVE", 8}, Column{"LEFT", 8},
                                        Column{"USES", 8}};
    auto const pages = rt::page_counts();
    auto const heap = rt::heap::levels();
    out.table(columns);
    out.row({pages.total, pages.free, heap.size, heap.used, u64{rt::reserve_bytes}, u64{rt::reserve::left()},
             rt::reserve::uses()});
}

void plan_refusals(monitor::Arguments const& args, Report& out) {
    if (!rt::refusal::is_allowed())
        return out.refuse("memory is refused only to a driver domain that was started with refuse=");
    if (args.count() == 0)
        return show_places(out);
    auto const found = std::ranges::find(words, args[0], &Word::word);
    if (found == words.end())
        return out.refuse("'{}' is neither 'next' nor 'each' nor 'all' nor 'off'", args[0]);
    rt::refusal::set_plan(found->plan);
}

}  // namespace control
