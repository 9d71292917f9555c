// SPDX-License-Identifier: MIT
// What a vcpu is told about its processor: traps, callbacks, descriptors, segment
// bases, debug registers, assists. repair() makes good what the worker needs.
#include <array>

#include "guest-pv/apps/havoc/rules.hpp"
#include "guest-pv/apps/havoc/world.hpp"

namespace havoc {
namespace {

using namespace rt;

void set_traps(Worker& w, Random& r) {
    std::array<trap_info_t, 4> table{};
    for (auto& t : std::span{table}.first(3))
        t = {.vector = static_cast<u8>(r.word()),
             .flags = static_cast<u8>(r.word()),
             .cs = static_cast<u16>(r.once_in(2) ? FLAT_KERNEL_CS : r.wild()),
             .address = address(r)};
    w.call(__HYPERVISOR_set_trap_table, w.put(r, std::span<trap_info_t const>{table}));
    w.repair();  // exceptions are how it goes on
    asm volatile("int $0x82");
}

void set_callbacks(Worker& w, Random& r) {
    callback_register_t c{};
    c.type = static_cast<u16>(
        r.one_of({CALLBACKTYPE_syscall, CALLBACKTYPE_syscall32, CALLBACKTYPE_sysenter, 1000}));
    c.flags = static_cast<u16>(r.wild());
    c.address = address(r);
    w.call(__HYPERVISOR_callback_op, r.once_in(4) ? r.wild() : r.below(2), w.put(r, c));
}

void switch_stack(Worker& w, Random& r) {
    w.call(__HYPERVISOR_stack_switch, r.wild(), address(r));
}

void set_gdt(Worker& w, Random& r) {
    std::array<u64, 14> frames;
    for (u64& f : frames)
        f = frame(r);
    w.call(__HYPERVISOR_set_gdt, w.put(r, std::span<u64 const>{frames}),
           r.once_in(4) ? count(r) : r.below(7169));
    asm volatile("mov %w0, %%fs" : : "r"(r.below(0x2000) & ~u64{4}));
}

void update_descriptor(Worker& w, Random& r) {
    // Any, or a segment of code or data with any access rights.
    u64 const value = r.once_in(2) ? r.word() : 0x00cf90000000ffff | r.below(256) << 40 | r.below(16) << 52;
    w.call(__HYPERVISOR_update_descriptor, (frame(r) << 12) + r.below(page_size), value);
}

void set_segment_base(Worker& w, Random& r) {
    w.call(__HYPERVISOR_set_segment_base, r.below(5), r.once_in(2) ? r.below(0x10000) : address(r));
}

// Breakpoints on what calls read and write; never on the worker's own code.
void set_debug_register(Worker& w, Random& r) {
    u64 const number = r.once_in(8) ? r.wild() : r.below(8);
    w.call(__HYPERVISOR_set_debugreg, number, number == 7 ? r.wild() : address(r));
    w.call(__HYPERVISOR_get_debugreg, number);
}

void assist(Worker& w, Random& r) {
    w.call(__HYPERVISOR_vm_assist, r.below(3), r.once_in(4) ? r.wild() : r.below(7));
}

void task_switch(Worker& w, Random& r) {
    w.call(__HYPERVISOR_fpu_taskswitch, r.wild());
}

void ports(Worker& w, Random& r) {
    if (r.once_in(2)) {
        w.call(__HYPERVISOR_physdev_op, PHYSDEVOP_set_iopl, w.put(r, static_cast<u32>(r.below(5))));
        return;
    }
    std::array<u64, 2> const map{hostile_address(r), count(r)};
    w.call(__HYPERVISOR_physdev_op, PHYSDEVOP_set_iobitmap, w.put(r, std::span<u64 const>{map}));
}

constexpr std::array rules{
    Weighted{3, set_traps},          Weighted{3, set_callbacks},
    Weighted{2, switch_stack},       Weighted{4, set_gdt},
    Weighted{6, update_descriptor},  Weighted{3, set_segment_base},
    Weighted{4, set_debug_register}, Weighted{2, assist},
    Weighted{2, task_switch},        Weighted{2, ports},
};

}  // namespace

constinit std::span<Weighted const> const processor_rules{rules};

}  // namespace havoc
