// SPDX-License-Identifier: MIT
#include "scripts/plugin/traffic/ledger.hpp"

#include <algorithm>
#include <cinttypes>

namespace traffic {
namespace {

void count(unsigned, void* counter) {
    ++*static_cast<std::uint64_t*>(counter);
}

}  // namespace

Ledger::Ledger(bool several_cpus)
    : several_cpus_{several_cpus}, counts_{qemu_plugin_scoreboard_new(sizeof(std::uint64_t))} {}

Ledger::Block* Ledger::translated(qemu_plugin_tb* block) {
    for (std::size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        auto* const instruction = qemu_plugin_tb_get_insn(block, i);
        if (several_cpus_)
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, count, QEMU_PLUGIN_CB_NO_REGS, &called_);
        else
            qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(instruction, QEMU_PLUGIN_INLINE_ADD_U64,
                                                                {counts_, 0}, 1);
    }
    auto const address = qemu_plugin_tb_vaddr(block);
    auto& own = blocks_[address];
    own.address = address;
    return &own;
}

Ledger::Cpu& Ledger::cpu() {
    if (!cpu_.executed) {
        cpu_.executed = several_cpus_
                            ? &called_
                            : static_cast<std::uint64_t const*>(qemu_plugin_scoreboard_find(counts_, 0));
        cpu_.registers.find();
    }
    return cpu_;
}

unsigned Ledger::system_of(Cpu& cpu) {
    auto const identity = cpu.registers.running_system();
    auto const found = std::find(systems_.begin() + 1, systems_.end(), identity);
    if (found == systems_.end()) {
        systems_.push_back(identity);
        return static_cast<unsigned>(systems_.size() - 1);
    }
    return static_cast<unsigned>(found - systems_.begin());
}

void Ledger::charge(Cpu& cpu) {
    auto const since = *cpu.executed - cpu.charged;
    cpu.charged = *cpu.executed;
    executed_ += since;
    if (!is_open_ || !cpu.block)
        return;
    charged_ += since;
    auto& by_system = cpu.block->charges;
    if (by_system.size() <= cpu.system)
        by_system.resize(cpu.system + 1);
    by_system[cpu.system].instructions += since;
    by_system[cpu.system].times++;
}

// On one CPU, only the hypervisor changes who runs.
void Ledger::entered(Block* block) {
    auto& cpu = this->cpu();
    charge(cpu);
    if (cpu.reads_time) {
        cpu.reads_time = false;
        time_read_ = cpu.registers.time_stamp();
        read_at_ = executed_;
    }
    cpu.block = block;
    bool const in_hypervisor = block->address >= hypervisor_start && block->address < hypervisor_end;
    if (in_hypervisor)
        cpu.system = 0;
    else if (cpu.in_hypervisor || cpu.system == 0 || (several_cpus_ && is_open_))
        cpu.system = system_of(cpu);
    cpu.in_hypervisor = in_hypervisor;
}

void Ledger::clear() {
    for (auto& [address, block] : blocks_)
        block.charges.clear();
    charged_ = 0;
}

void Ledger::write(std::FILE* to) const {
    for (unsigned system = 0; system < systems_.size(); system++) {
        bool named = false;
        for (auto const& [address, block] : blocks_) {
            if (block.charges.size() <= system || block.charges[system].instructions == 0)
                continue;
            auto const& charge = block.charges[system];
            if (!named)
                std::fprintf(to, "system %u\n", system);
            named = true;
            std::fprintf(to, "block %" PRIx64 " %" PRIu64 " %" PRIu64 "\n", address, charge.instructions,
                         charge.times);
        }
    }
}

}  // namespace traffic
