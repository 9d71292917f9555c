// SPDX-License-Identifier: MIT
// A monitor command and its words. The table is in commands.cpp; each topic
// has a file that implements its commands.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/domain/registry.hpp"
#include "kernel/monitor/report.hpp"

namespace monitor {

// A command line taken apart: words, without the option -j, which any command
// understands.
class Arguments {
  public:
    explicit Arguments(std::string_view line);

    [[nodiscard]] std::string_view command() const { return count_ == 0 ? std::string_view{} : words_[0]; }
    [[nodiscard]] bool json() const { return json_; }
    [[nodiscard]] usize count() const { return count_ == 0 ? 0 : count_ - 1; }
    // Argument n, from 0; "" when there are fewer.
    [[nodiscard]] std::string_view operator[](usize n) const {
        return n < count() ? words_[n + 1] : std::string_view{};
    }
    // Argument n as a number, decimal or 0x hexadecimal.
    [[nodiscard]] std::optional<u64> number(usize n) const;

  private:
    std::array<std::string_view, 8> words_;
    usize count_ = 0;
    bool json_ = false;
};

struct Command {
    std::string_view name;
    std::string_view usage;  // arguments only
    std::string_view help;
    char key;  // the debug key of Xen that means the same; 0: none
    void (*run)(Arguments const& args, Report& out);
};

std::span<Command const> commands();
Command const* find_command(std::string_view name);
Command const* find_key(char key);
// The command whose name looks most like `name`.
Command const& nearest_command(std::string_view name);

// The domain that argument n names ("1", "d1"); refuses and is empty otherwise.
DomainRef domain_argument(Arguments const& args, usize n, Report& out);

// Topics. What each prints stands in the table.
void help(Arguments const& args, Report& out);
void show_version(Arguments const& args, Report& out);
void show_time(Arguments const& args, Report& out);
void show_hypercalls(Arguments const& args, Report& out);
void show_dmesg(Arguments const& args, Report& out);
void panic_now(Arguments const& args, Report& out);
void show_domains(Arguments const& args, Report& out);
void show_vcpus(Arguments const& args, Report& out);
void show_registers(Arguments const& args, Report& out);
void show_run_queues(Arguments const& args, Report& out);
void show_cpus(Arguments const& args, Report& out);
void show_interrupts(Arguments const& args, Report& out);
void freeze(Arguments const& args, Report& out);
void thaw(Arguments const& args, Report& out);
void show_profile(Arguments const& args, Report& out);
void show_trace(Arguments const& args, Report& out);
void show_frames(Arguments const& args, Report& out);
void walk_tables(Arguments const& args, Report& out);
void dump_tables(Arguments const& args, Report& out);
void show_grants(Arguments const& args, Report& out);
void show_maptrack(Arguments const& args, Report& out);
void show_channels(Arguments const& args, Report& out);
void audit(Arguments const& args, Report& out);
void show_locks(Arguments const& args, Report& out);

}  // namespace monitor
