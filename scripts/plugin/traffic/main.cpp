// SPDX-License-Identifier: MIT
// A plugin for QEMU that is the network's other end, and counts what its traffic
// costs the machine:
//   -plugin traffic.so,frames=FD,question=FD,answer=FD,out=FILE,guests=N,work=NAME:FRAME:PACKETS[,work=...]
// FDs are one end each of pairs of datagram sockets. The other ends are -netdev
// dgram of the machine's card, and two that a hub joins. FILE gets for each work
//   work NAME:FRAME:PACKETS CHARGED-PACKETS INSTRUCTIONS SENT RECEIVED
// with its systems and blocks (see ledger.hpp), or
//   failed NAME:FRAME:PACKETS WHY
// and in the end `done`.
#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "scripts/plugin/qemu_plugin.hpp"
#include "scripts/plugin/traffic/schedule.hpp"

PLUGIN_DECLARES_VERSION;

namespace {

using traffic::Schedule;

// The delay of the wire, in instructions. It is looked at as well when the
// machine goes to sleep, and when a card gets buffers.
constexpr std::uint64_t look_every = 2048;
constexpr std::uint64_t rest_of_several = 500'000;

std::unique_ptr<Schedule> schedule;
std::uint64_t next_look = 0;
std::uint64_t next_rest = 0;
bool several_cpus = false;
bool floods = false;

void look(bool idle) {
    schedule->look(idle);
    next_look = schedule->ledger().executed() + look_every;
}

void entered(unsigned, void* block) {
    auto& ledger = schedule->ledger();
    ledger.entered(static_cast<traffic::Ledger::Block*>(block));
    if (ledger.executed() >= next_look)
        look(false);
}

// Of several CPUs some one sleeps all the time, whatever the others do. What is
// done at rest leaves them time to come to rest.
void going_idle(unsigned, void*) {
    auto const executed = schedule->ledger().executed();
    bool const rests = executed >= next_rest;
    if (rests && several_cpus)
        next_rest = executed + rest_of_several;
    look(rests);
}

// A full card that gets buffers takes what lies on the wire. All cards have
// their registers for that at such offsets.
void stored(unsigned, qemu_plugin_meminfo_t info, std::uint64_t address, void*) {
    if ((address & 0x3f) != 0x18)
        return;
    auto const* const where = qemu_plugin_get_hwaddr(info, address);
    if (where && qemu_plugin_hwaddr_is_io(where))
        schedule->card_got_buffers();
}

void reading_time(unsigned, void*) {
    schedule->ledger().will_read_time();
}

// Those of one to three bytes.
std::string_view bytes_of(qemu_plugin_insn const* instruction, std::array<char, 3>& into) {
    auto const size = qemu_plugin_insn_size(instruction);
    if (size > into.size() || qemu_plugin_insn_data(instruction, into.data(), size) != size)
        return {};
    return {into.data(), size};
}

ExecutionHandler handler_of(std::string_view bytes) {
    if (bytes == "\xf4" || bytes == "\x0f\x01\xc9")  // hlt, mwait
        return going_idle;
    if (bytes == "\x0f\x31" || bytes == "\x0f\x01\xf9")  // rdtsc, rdtscp
        return reading_time;
    return nullptr;
}

void translated(qemu_plugin_id_t, qemu_plugin_tb* block) {
    qemu_plugin_register_vcpu_tb_exec_cb(block, entered, QEMU_PLUGIN_CB_R_REGS,
                                         schedule->ledger().translated(block));
    for (std::size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        auto* const instruction = qemu_plugin_tb_get_insn(block, i);
        std::array<char, 3> bytes{};
        if (auto* const handler = handler_of(bytes_of(instruction, bytes)))
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, handler, QEMU_PLUGIN_CB_NO_REGS, nullptr);
        if (floods)
            qemu_plugin_register_vcpu_mem_cb(instruction, stored, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_W,
                                             nullptr);
    }
}

}  // namespace

// lwIP's clock, in milliseconds: an instruction is a nanosecond.
extern "C" std::uint32_t sys_now() {
    return schedule ? static_cast<std::uint32_t>(schedule->ledger().executed() / 1'000'000) : 0;
}

PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t plugin, qemu_info_t const* info, int argc,
                                      char** argv) {
    traffic::Sockets sockets;
    std::FILE* output = nullptr;
    std::size_t guests = 1;
    std::vector<std::string> works;
    for (std::string_view const argument : std::vector<std::string_view>(argv, argv + argc)) {
        auto const value = argument.substr(std::min(argument.find('=') + 1, argument.size()));
        if (argument.starts_with("frames="))
            sockets.frames = std::atoi(value.data());
        else if (argument.starts_with("question="))
            sockets.question = std::atoi(value.data());
        else if (argument.starts_with("answer="))
            sockets.answer = std::atoi(value.data());
        else if (argument.starts_with("out="))
            output = std::fopen(value.data(), "w");
        else if (argument.starts_with("guests="))
            guests = std::strtoul(value.data(), nullptr, 10);
        else if (argument.starts_with("work="))
            works.emplace_back(value);
        floods |= argument.starts_with("work=flood");
    }
    if (sockets.frames < 0 || sockets.question < 0 || sockets.answer < 0 || !output) {
        std::fputs("traffic: frames=FD,question=FD,answer=FD,out=FILE are needed\n", stderr);
        return 1;
    }
    several_cpus = info->system.smp_vcpus > 1;
    schedule = std::make_unique<Schedule>(traffic::Wire{sockets}, several_cpus, guests, works, output);
    qemu_plugin_register_vcpu_tb_trans_cb(plugin, translated);
    return 0;
}
