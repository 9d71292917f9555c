// SPDX-License-Identifier: MIT
// A monitor command. The table is in commands.cpp; each topic has a file that
// implements its commands.
#pragma once

#include <span>
#include <string_view>

#include "kernel/domain/registry.hpp"
#include "kernel/monitor/answer/arguments.hpp"
#include "kernel/monitor/answer/report.hpp"
#include "kernel/monitor/task.hpp"

namespace monitor {

struct Command {
    std::string_view name;
    std::string_view usage;  // arguments only
    std::string_view help;
    Task (*run)(Arguments const& args, Report& out);  // null: only the driver domain can (question.hpp)
};

// For one that is brief, however large the machine.
template <void (*answer)(Arguments const& args, Report& out)>
Task at_once(Arguments const& args, Report& out) {
    answer(args, out);
    return {};
}

std::span<Command const> commands();
Command const* find_command(std::string_view name);
// Xen's debug keys, and what each asks here.
struct Key {
    char letter;
    std::string_view line;
};
std::span<Key const> keys();
// Empty: it is none.
std::string_view line_of_key(char letter);
// The command whose name looks most like `name`.
Command const& nearest_command(std::string_view name);

// The domain that argument n names ("1", "d1", "web"); refuses and is empty
// otherwise.
DomainRef domain_argument(Arguments const& args, usize n, Report& out);
// The domain that argument 0 names, or one after the other when it names none.
// Refuses when there is no such domain.
class ChosenDomains {
    DomainRef at_;
    bool all_;

  public:
    ChosenDomains() : at_{domains::next_from(DomId{0})}, all_{true} {}
    ChosenDomains(Arguments const& args, Report& out)
        : at_{args.count() == 0 ? domains::next_from(DomId{0}) : domain_argument(args, 0, out)},
          all_{args.count() == 0} {}

    explicit operator bool() const { return static_cast<bool>(at_); }
    Domain& operator*() const { return *at_; }
    Domain* operator->() const { return &*at_; }
    void next() { at_ = all_ ? domains::next_from(DomId{static_cast<u16>(at_->id.raw() + 1)}) : DomainRef{}; }
};

// Topics. What each prints stands in the table. Those that are tasks have more to
// say the more domains or memory there are, or do more than print.
Task help(Arguments const& args, Report& out);
void show_version(Arguments const& args, Report& out);
void show_time(Arguments const& args, Report& out);
Task show_hypercalls(Arguments const& args, Report& out);
Task show_dmesg(Arguments const& args, Report& out);
void panic_now(Arguments const& args, Report& out);
Task show_domains(Arguments const& args, Report& out);
Task show_vcpus(Arguments const& args, Report& out);
Task show_registers(Arguments const& args, Report& out);
Task show_run_queues(Arguments const& args, Report& out);
Task show_cpus(Arguments const& args, Report& out);
Task show_interrupts(Arguments const& args, Report& out);
Task freeze(Arguments const& args, Report& out);
Task thaw(Arguments const& args, Report& out);
void plan_irq_faults(Arguments const& args, Report& out);
void plan_kills(Arguments const& args, Report& out);
Task show_profile(Arguments const& args, Report& out);
Task show_trace(Arguments const& args, Report& out);
Task show_frames(Arguments const& args, Report& out);
void walk_tables(Arguments const& args, Report& out);
Task dump_tables(Arguments const& args, Report& out);
Task list_entries(Arguments const& args, Report& out);
Task show_grants(Arguments const& args, Report& out);
Task show_maptrack(Arguments const& args, Report& out);
Task show_channels(Arguments const& args, Report& out);
Task show_links(Arguments const& args, Report& out);
Task audit(Arguments const& args, Report& out);
// The same in one go, which is exact: nothing else runs meanwhile.
void audit_standing_still(Report& out);
void fail_allocations(Arguments const& args, Report& out);
Task show_stretches(Arguments const& args, Report& out);
void show_locks(Arguments const& args, Report& out);

}  // namespace monitor
