// SPDX-License-Identifier: MIT
// HC-4: what is told of the machine, and lists of its parts.
#include <algorithm>
#include <array>

#include "tests/guest/hypercalls/control.hpp"
#include "tests/guest/hypercalls/outputs.hpp"

namespace {

using namespace control;

using System = Parts<xen_sysctl>;

void check_machine() {
    using Physical = xen_sysctl_physinfo;
    check_part<xen_sysctl>("physical machine", &System::physinfo,
                           [](auto& op, auto&) { return ask_system(op, XEN_SYSCTL_physinfo); },
                           {{offsetof(Physical, pad), offsetof(Physical, total_pages)}});
    check_part<xen_sysctl>("scheduler", &System::sched_id,
                           [](auto& op, auto&) { return ask_system(op, XEN_SYSCTL_sched_id); }, {});
    using Scheduler = xen_sysctl_scheduler_op;
    check_part<xen_sysctl>(
        "scheduler's settings", &System::scheduler_op,
        [](auto& op, auto& q) {
            q.cpupool_id = 0;
            q.sched_id = scheduler();
            q.cmd = XEN_SYSCTL_SCHEDOP_getinfo;
            return ask_system(op, XEN_SYSCTL_scheduler_op);
        },
        {{offsetof(Scheduler, cmd) + 4, offsetof(Scheduler, u)},
         {offsetof(Scheduler, u) + sizeof(xen_sysctl_credit_schedule), sizeof(Scheduler)}});
    using Heap = xen_sysctl_availheap;
    check_part<xen_sysctl>("free memory", &System::availheap,
                           [](auto& op, auto& q) {
                               q.min_bitwidth = q.max_bitwidth = 0;
                               q.node = -1;
                               return ask_system(op, XEN_SYSCTL_availheap);
                           },
                           {{offsetof(Heap, node) + 4, offsetof(Heap, avail_bytes)}});
}

constexpr usize room_for = 8;

// Entries that there are none of stay as they were.
template <class Entry, class Part, class Ask>
void check_list(char const* what, Part System::*part, Ask ask, std::initializer_list<Range> gaps) {
    Room<std::array<Entry, room_for>> list;
    u32 given = 0;
    check_part<xen_sysctl>(
        what, part, [&](auto& op, auto& q) { return ask(op, q, list.value().data(), given); }, gaps);
    verdict::check(given <= room_for, what, __FILE__, __LINE__, given);
    verdict::check(list.clean_around(), what, __FILE__, __LINE__);
    verdict::check(list.clean_in({std::min<usize>(given, room_for) * sizeof(Entry), sizeof(list.value())}),
                   what, __FILE__, __LINE__);
}

// Lists of so many entries as `room` says, and as many are given as `told` says then.
template <class Entry, class Part, class Handle>
void check_counted(char const* what, Part System::*part, u32 command, u32 Part::*room, u32 Part::*told,
                   Handle Part::*at, std::initializer_list<Range> gaps) {
    check_list<Entry>(
        what, part,
        [=](auto& op, auto& q, auto* list, u32& given) {
            q.*room = room_for;
            set_xen_guest_handle_raw(q.*at, list);
            s64 const answer = ask_system(op, command);
            given = q.*told;
            return answer;
        },
        gaps);
}

void check_processors() {
    using Times = xen_sysctl_getcpuinfo;
    check_counted<xen_sysctl_cpuinfo>("idle times", &System::getcpuinfo, XEN_SYSCTL_getcpuinfo,
                                      &Times::max_cpus, &Times::nr_cpus, &Times::info,
                                      {{offsetof(Times, max_cpus) + 4, offsetof(Times, info)},
                                       {offsetof(Times, nr_cpus) + 4, sizeof(Times)}});
    using Topology = xen_sysctl_cputopoinfo;
    check_counted<xen_sysctl_cputopo>("places of processors", &System::cputopoinfo, XEN_SYSCTL_cputopoinfo,
                                      &Topology::num_cpus, &Topology::num_cpus, &Topology::cputopo,
                                      {{offsetof(Topology, num_cpus) + 4, offsetof(Topology, cputopo)}});
}

void check_nodes() {
    using Nodes = xen_sysctl_numainfo;
    Room<std::array<u32, room_for>> distances;
    check_list<xen_sysctl_meminfo>("nodes", &System::numainfo,
                                   [&](auto& op, auto& q, auto* list, u32& given) {
                                       q.num_nodes = 1;
                                       set_xen_guest_handle_raw(q.meminfo, list);
                                       set_xen_guest_handle_raw(q.distance, distances.value().data());
                                       s64 const answer = ask_system(op, XEN_SYSCTL_numainfo);
                                       given = q.num_nodes;
                                       return answer;
                                   },
                                   {{offsetof(Nodes, num_nodes) + 4, offsetof(Nodes, meminfo)}});
    CHECK(distances.clean_around() && distances.clean_in({sizeof(u32), sizeof(distances.value())}));
}

void check_domains() {
    using List = xen_sysctl_getdomaininfolist;
    check_list<Info>("domains", &System::getdomaininfolist,
                     [](auto& op, auto& q, auto* list, u32& given) {
                         q.first_domain = 0;
                         q.max_domains = room_for;
                         set_xen_guest_handle_raw(q.buffer, list);
                         s64 const answer = ask_system(op, XEN_SYSCTL_getdomaininfolist);
                         given = q.num_domains;
                         return answer;
                     },
                     {{offsetof(List, first_domain) + 2, offsetof(List, max_domains)},
                      {offsetof(List, num_domains) + 4, sizeof(List)}});
    Room<std::array<Info, 1>> list;
    xen_sysctl op{};
    op.u.getdomaininfolist.max_domains = 1;
    set_xen_guest_handle_raw(op.u.getdomaininfolist.buffer, list.value().data());
    CHECK(ask_system(op, XEN_SYSCTL_getdomaininfolist) == 0);
    CHECK(list.clean_around() && list.clean_in(info_gap) && list.clean_in(info_end_gap));
}

void check_log() {
    using Log = xen_sysctl_readconsole;
    Room<std::array<char, 300>> text;
    u32 given = 0;
    check_part<xen_sysctl>(
        "log", &System::readconsole,
        [&](auto& op, auto& q) {
            q.clear = q.incremental = 0;
            q.index = 0;
            q.count = 200;
            set_xen_guest_handle_raw(q.buffer, text.value().data());
            s64 const answer = ask_system(op, XEN_SYSCTL_readconsole);
            given = q.count;
            return answer;
        },
        {{offsetof(Log, pad0), offsetof(Log, index)}, {offsetof(Log, count) + 4, sizeof(Log)}});
    CHECK(given <= 200 && text.clean_around() && text.clean_in({given, sizeof(text.value())}));
}

}  // namespace

void check_sysctl_outputs() {
    check_machine();
    check_processors();
    check_nodes();
    check_domains();
    check_log();
}
