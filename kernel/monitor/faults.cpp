// SPDX-License-Identifier: MIT
// Faults on purpose, on machines that were started for that.
#include "kernel/monitor/faults.hpp"

#include "kernel/machine/sampling.hpp"
#include "kernel/mm/alloc_fault.hpp"

namespace monitor {
namespace {

constinit bool allowed = false;  // set at boot, before anybody can ask

void show_sites(Report& out) {
    static constexpr std::array columns{Column{"SITE", 48, true}, Column{"OFFSET", 6}, Column{"ASKED", 9},
                                        Column{"REFUSED", 7}};
    out.table(columns);
    for (u32 i = 0; auto const site = mm::alloc_fault::site(i); ++i) {
        Symbol const place = machine::function_at(site->address);
        out.row({place.name, Value::hex(place.offset), site->asked, site->refused});
    }
}

}  // namespace

void allow_faults() {
    allowed = true;
}

bool faults_allowed(Report& out) {
    if (!allowed)
        out.refuse("faults are made only on machines that were booted with faults=on");
    return allowed;
}

void fail_allocations(Arguments const& args, Report& out) {
    if (!faults_allowed(out))
        return;
    if (args.count() == 0)
        return show_sites(out);
    auto const nth = args.number(0);
    if (args[0] == "each")
        mm::alloc_fault::refuse_each();
    else if (args[0] == "off")
        mm::alloc_fault::stop();
    else if (nth && *nth != 0)
        mm::alloc_fault::refuse_nth(*nth);
    else
        out.refuse("'{}' is neither 'each' nor 'off' nor a number from 1", args[0]);
}

}  // namespace monitor
