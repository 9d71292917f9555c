// SPDX-License-Identifier: MIT
// Calls that this guest has no right to, numbers that nobody has, questions, text,
// and several calls in one.
#include <array>

#include "guest-pv/apps/havoc/rules.hpp"

namespace havoc {
namespace {

using namespace rt;

std::array<u64, 16> words(Random& r) {
    std::array<u64, 16> list;
    for (u64& word : list)
        word = r.once_in(2) ? address(r) : r.once_in(2) ? frame(r) : domain(r);
    return list;
}

void control(Worker& w, Random& r) {
    u64 const number = r.one_of({__HYPERVISOR_domctl, __HYPERVISOR_sysctl, __HYPERVISOR_platform_op});
    auto request = words(r);
    u64 const version = number == __HYPERVISOR_domctl   ? 0x15
                        : number == __HYPERVISOR_sysctl ? 0x15
                                                        : 0x03000001;
    request[0] = r.below(90) | version << 32;
    request[1] = domain(r);
    w.call(number, w.put(r, request));
}

void devices(Worker& w, Random& r) {
    u64 const op = r.below(34);
    if (op != PHYSDEVOP_set_iobitmap)
        w.call(__HYPERVISOR_physdev_op, op, w.put(r, words(r)));
}

void extension(Worker& w, Random& r) {
    w.call(__HYPERVISOR_arch_0, r.below(12), count(r), address(r), address(r), count(r));
}

// Numbers of HVM guests', of old and of future ones.
void nobody_knows(Worker& w, Random& r) {
    u64 const number =
        r.one_of({u64{6}, u64{11}, u64{16}, u64{19}, 37 + r.below(11), 49 + r.below(20), 64 + r.wild()});
    w.call(number, address(r), count(r), address(r), count(r), address(r));
}

void ask(Worker& w, Random& r) {
    u64 const at = r.once_in(4) ? hostile_address(r) : rt::hypercall::address(w.room(r, 1024 + sizeof(u64)));
    w.call(__HYPERVISOR_xen_version, r.once_in(4) ? r.wild() : r.below(12), at);
}

void print(Worker& w, Random& r) {
    std::array<char, 24> text;
    for (char& c : text)
        c = static_cast<char>(r.word());
    u64 const length = r.once_in(4) ? count(r) : r.below(text.size());
    // A length that is right and long would fill the log.
    u64 const at = length > text.size() ? hostile_address(r) : w.put(r, text);
    w.call(__HYPERVISOR_console_io, r.once_in(4) ? r.wild() : 0, length, at);
}

// Elements that do no harm to this guest, whatever they are called with; so they
// are read from where they were put.
void several(Worker& w, Random& r) {
    std::array<multicall_entry_t, 6> list{};
    for (auto& e : list) {
        e.op = static_cast<u64>(r.one_of({__HYPERVISOR_xen_version, __HYPERVISOR_multicall,
                                          __HYPERVISOR_event_channel_op, __HYPERVISOR_grant_table_op,
                                          __HYPERVISOR_update_va_mapping, __HYPERVISOR_set_timer_op, 1000}));
        e.args[0] = e.op == __HYPERVISOR_update_va_mapping ? window_address(r) : r.below(12);
        e.args[1] = e.op == __HYPERVISOR_update_va_mapping ? entry(r) : address(r);
        e.args[2] = r.below(5);
        e.result = r.word();
    }
    u64 const at = w.place(r, std::span<multicall_entry_t const>{list});
    w.call(__HYPERVISOR_multicall, at, r.once_in(6) ? count(r) : r.below(list.size() + 1));
}

constexpr std::array rules{
    Weighted{4, control}, Weighted{3, devices}, Weighted{2, extension}, Weighted{3, nobody_knows},
    Weighted{3, ask},     Weighted{1, print},   Weighted{8, several},
};

}  // namespace

constinit std::span<Weighted const> const privileged_rules{rules};

}  // namespace havoc
