// SPDX-License-Identifier: MIT
#include "scripts/plugin/traffic/ledger.hpp"

#include <cstring>
#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

// In the place of QEMU: the CPU that runs, whose registers and count are set by the tests.
namespace {

std::uint64_t executed;
std::uint64_t gs_base;
std::uint64_t cr3;
std::uint64_t block_address;
ExecutionHandler on_instruction;
void* counter;

qemu_plugin_register* as_handle(std::uint64_t& value) {
    return reinterpret_cast<qemu_plugin_register*>(&value);
}

}  // namespace

extern "C" {

std::size_t qemu_plugin_tb_n_insns(qemu_plugin_tb const*) {
    return 1;
}
std::uint64_t qemu_plugin_tb_vaddr(qemu_plugin_tb const*) {
    return block_address;
}
qemu_plugin_insn* qemu_plugin_tb_get_insn(qemu_plugin_tb const*, std::size_t) {
    return nullptr;
}
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(qemu_plugin_insn*, qemu_plugin_op, qemu_plugin_u64,
                                                         std::uint64_t) {}
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn*, ExecutionHandler handler, qemu_plugin_cb_flags,
                                            void* data) {
    on_instruction = handler;
    counter = data;
}
qemu_plugin_scoreboard* qemu_plugin_scoreboard_new(std::size_t) {
    return nullptr;
}
void* qemu_plugin_scoreboard_find(qemu_plugin_scoreboard*, unsigned) {
    return &executed;
}

GArray* qemu_plugin_get_registers() {
    static qemu_plugin_reg_descriptor all[] = {{as_handle(gs_base), "gs_base", ""},
                                               {as_handle(cr3), "cr3", ""}};
    static GArray array{reinterpret_cast<char*>(all), 2};
    return &array;
}
int qemu_plugin_read_register(qemu_plugin_register* from, GByteArray* into) {
    into->data = reinterpret_cast<std::uint8_t*>(from);
    into->len = sizeof(std::uint64_t);
    return sizeof(std::uint64_t);
}
GByteArray* g_byte_array_new() {
    static GByteArray array{};
    return &array;
}
GByteArray* g_byte_array_set_size(GByteArray* array, unsigned) {
    return array;
}

}  // extern "C"

namespace {

using traffic::Ledger;

constexpr std::uint64_t in_hypervisor = traffic::hypervisor_start + 0x1000;
constexpr std::uint64_t in_guest = 0x400000;

class Machine {
  public:
    explicit Machine(bool several_cpus = false) {
        executed = gs_base = 0;
        cr3 = 0x1000;
        on_instruction = nullptr;
        ledger = std::make_unique<Ledger>(several_cpus);
    }

    // Executes `instructions` from `address` on, then comes to the next block.
    void run(std::uint64_t address, std::uint64_t instructions) {
        block_address = address;
        ledger->entered(ledger->translated(nullptr));
        executed += instructions;
        for (std::uint64_t i = 0; on_instruction && i < instructions; i++)
            on_instruction(0, counter);
    }

    std::string written() {
        run(in_hypervisor, 0);
        char* text = nullptr;
        std::size_t length = 0;
        auto* const to = open_memstream(&text, &length);
        ledger->write(to);
        std::fclose(to);
        std::string const answer{text, length};
        std::free(text);
        return answer;
    }

    std::unique_ptr<Ledger> ledger;
};

TEST_CASE("a block is charged what was executed until the next one") {
    Machine machine;
    machine.ledger->open();
    machine.run(in_hypervisor, 5);
    machine.run(in_hypervisor, 3);
    CHECK(machine.written() == "system 0\nblock ffff800000001000 8 2\n");
    CHECK(machine.ledger->charged() == 8);
    CHECK(machine.ledger->executed() == 8);
}

TEST_CASE("systems are told apart by their address space, in the order in which they first run") {
    Machine machine;
    machine.ledger->open();
    machine.run(in_guest, 10);
    machine.run(in_hypervisor, 1);
    cr3 = 0x2000;
    machine.run(in_guest, 20);
    machine.run(in_hypervisor, 1);
    cr3 = 0x1000;
    machine.run(in_guest, 30);
    CHECK(machine.written() ==
          "system 0\nblock ffff800000001000 2 2\n"
          "system 1\nblock 400000 40 2\n"
          "system 2\nblock 400000 20 1\n");
}

TEST_CASE("a system with a kernel's data in GS is one, in all its address spaces") {
    Machine machine;
    machine.ledger->open();
    gs_base = 0xffff'8880'0000'0000;
    machine.run(in_guest, 10);
    machine.run(in_hypervisor, 1);
    cr3 = 0x2000;
    machine.run(in_guest, 20);
    CHECK(machine.written() == "system 0\nblock ffff800000001000 1 1\nsystem 1\nblock 400000 30 2\n");
}

TEST_CASE("of several CPUs, another may go on at any block") {
    constexpr bool several_cpus = true;
    Machine machine{several_cpus};
    machine.ledger->open();
    machine.run(in_guest, 10);
    cr3 = 0x2000;
    machine.run(in_guest, 20);
    machine.run(in_hypervisor, 1);
    machine.run(in_guest, 5);
    CHECK(machine.written() ==
          "system 0\nblock ffff800000001000 1 1\n"
          "system 1\nblock 400000 10 1\n"
          "system 2\nblock 400000 25 2\n");
}

TEST_CASE("nothing is charged while the ledger is closed, and what was before it is cleared is forgotten") {
    Machine machine;
    machine.run(in_hypervisor, 5);
    machine.run(in_hypervisor, 5);
    CHECK(machine.ledger->charged() == 0);
    machine.ledger->open();
    machine.run(in_hypervisor, 5);
    machine.ledger->clear();
    machine.run(in_hypervisor, 7);
    machine.ledger->close();
    CHECK(machine.written() == "system 0\nblock ffff800000001000 5 1\n");
    CHECK(machine.ledger->executed() == 22);
}

}  // namespace
