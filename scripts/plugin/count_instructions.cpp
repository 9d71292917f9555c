// SPDX-License-Identifier: MIT
// A plugin for QEMU that counts executed instructions, those of the hypervisor
// apart, and notes both counts when the machine first comes to given addresses:
//   -plugin count_instructions.so,out=FILE,mark=HEX[,mark=HEX...]
// A line of FILE is: the mark's address, all instructions, the hypervisor's.
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "scripts/plugin/qemu_plugin.hpp"

PLUGIN_DECLARES_VERSION;

namespace {

// Of the address space, what the ABI leaves to the hypervisor.
constexpr std::uint64_t hypervisor_start = 0xffff'8000'0000'0000;
constexpr std::uint64_t hypervisor_end = 0xffff'8800'0000'0000;

struct Mark {
    std::uint64_t address;
    bool seen = false;
};

std::FILE* output;
std::vector<Mark> marks;
std::uint64_t all;
std::uint64_t of_hypervisor;

void* as_data(std::uint64_t number) {
    return reinterpret_cast<void*>(number);
}
std::uint64_t from_data(void* data) {
    return reinterpret_cast<std::uint64_t>(data);
}

void count(unsigned, void* instructions) {
    all += from_data(instructions);
}

void count_hypervisor(unsigned vcpu, void* instructions) {
    count(vcpu, instructions);
    of_hypervisor += from_data(instructions);
}

void note(unsigned, void* data) {
    auto* mark = static_cast<Mark*>(data);
    if (mark->seen)
        return;
    mark->seen = true;
    std::fprintf(output, "%" PRIx64 " %" PRIu64 " %" PRIu64 "\n", mark->address, all, of_hypervisor);
    std::fflush(output);
}

void translated(qemu_plugin_id_t, qemu_plugin_tb* block) {
    auto const address = qemu_plugin_tb_vaddr(block);
    for (auto& mark : marks)
        if (mark.address == address)
            qemu_plugin_register_vcpu_tb_exec_cb(block, note, QEMU_PLUGIN_CB_NO_REGS, &mark);
    bool const hypervisor = address >= hypervisor_start && address < hypervisor_end;
    qemu_plugin_register_vcpu_tb_exec_cb(block, hypervisor ? count_hypervisor : count, QEMU_PLUGIN_CB_NO_REGS,
                                         as_data(qemu_plugin_tb_n_insns(block)));
}

}  // namespace

PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t plugin, void const*, int argc, char** argv) {
    for (std::string_view const argument : std::vector<std::string_view>(argv, argv + argc)) {
        if (argument.starts_with("out="))
            output = std::fopen(argument.data() + 4, "w");
        else if (argument.starts_with("mark="))
            marks.push_back({std::strtoull(argument.data() + 5, nullptr, 16)});
    }
    if (!output) {
        std::fputs("count_instructions: out= names no file that can be written\n", stderr);
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(plugin, translated);
    return 0;
}
