// SPDX-License-Identifier: MIT
// Charges every executed instruction to the system that ran and to the block of
// code it stood in.
//
// A block may be left in its middle, by a fault or an access to a device. So
// what it is charged is not its length, but what the CPU's count of
// instructions grew by until the next block was entered.
//
// With several CPUs QEMU runs one at a time, for as long as it likes, and does not
// tell a plugin which (the number it gives is of the CPU that ran the code first;
// its counters for each CPU even spoil the code). So all are counted together, by
// calls, and who runs is looked up at each block.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

#include "scripts/plugin/qemu_plugin.hpp"
#include "scripts/plugin/traffic/registers.hpp"

namespace traffic {

// Of the address space, what the ABI leaves to the hypervisor.
constexpr std::uint64_t hypervisor_start = 0xffff'8000'0000'0000;
constexpr std::uint64_t hypervisor_end = 0xffff'8800'0000'0000;

class Ledger {
  public:
    struct Charge {
        std::uint64_t instructions = 0;
        std::uint64_t times = 0;  // the block was entered
    };
    struct Block {
        std::uint64_t address = 0;
        std::vector<Charge> charges{};  // by system
    };

    explicit Ledger(bool several_cpus);

    // Counts what this block executes from now on; the handler of its entry calls entered().
    Block* translated(qemu_plugin_tb* block);
    void entered(Block* block);

    // Of all CPUs, since the machine was switched on.
    [[nodiscard]] std::uint64_t executed() const { return executed_; }

    // The machine's time in nanoseconds. That of executed instructions would not
    // do, as a machine that waits executes none: it is what a system on it last
    // read, which all do when they wake up, and what was executed since. Of one CPU
    // only: of several, another one may run before what was read can be looked at.
    [[nodiscard]] std::uint64_t time() const { return time_read_ + executed_ - read_at_; }
    [[nodiscard]] bool knows_time() const { return !several_cpus_; }
    // The instruction that comes now reads the time-stamp counter, and ends its block.
    void will_read_time() { cpu_.reads_time = !several_cpus_; }

    void clear();  // forget all that was charged
    void open() { is_open_ = true; }
    void close() { is_open_ = false; }
    [[nodiscard]] std::uint64_t charged() const { return charged_; }

    // `system NUMBER`, then `block ADDRESS INSTRUCTIONS TIMES` for each that was charged.
    void write(std::FILE* to) const;

  private:
    struct Cpu {
        std::uint64_t const* executed = nullptr;
        std::uint64_t charged = 0;  // of these
        Block* block = nullptr;
        unsigned system = 0;
        bool in_hypervisor = false;
        bool reads_time = false;
        Registers registers{};
    };

    Cpu& cpu();
    void charge(Cpu& cpu);
    unsigned system_of(Cpu& cpu);

    bool several_cpus_;
    std::uint64_t called_ = 0;        // of several CPUs
    qemu_plugin_scoreboard* counts_;  // of one
    Cpu cpu_{};
    std::uint64_t executed_ = 0;
    std::uint64_t charged_ = 0;
    std::uint64_t time_read_ = 0;
    std::uint64_t read_at_ = 0;  // so many instructions
    bool is_open_ = false;
    std::unordered_map<std::uint64_t, Block> blocks_;
    // By number; the hypervisor is the first.
    std::vector<std::uint64_t> systems_{0};
};

}  // namespace traffic
