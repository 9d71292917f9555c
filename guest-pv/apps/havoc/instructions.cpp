// SPDX-License-Identifier: MIT
// Instructions that the hypervisor carries out or refuses. Nearly each ends in an
// exception, and with it the step.
#include <array>

#include "guest-pv/apps/havoc/rules.hpp"
#include "guest-pv/apps/havoc/world.hpp"

extern "C" void havoc_iret(u64 cs, u64 ss, u64 rflags);

namespace havoc {
namespace {

using namespace rt;

u32 model_specific(Random& r) {
    u64 const list = r.one_of({u64{0}, u64{0x10}, u64{0x170}, u64{0x1a0}, u64{0x270}, u64{0x480}, u64{0x800},
                               u64{0xc0000080}, u64{0xc0000100}, u64{0xc0010000}, u64{0xc0011020}, r.wild()});
    return static_cast<u32>(list + r.below(16));
}

void registers(Worker&, Random& r) {
    u32 low = static_cast<u32>(r.wild());
    u32 high = static_cast<u32>(r.wild());
    if (r.once_in(2))
        asm volatile("rdmsr" : "+a"(low), "+d"(high) : "c"(model_specific(r)));
    else
        asm volatile("wrmsr" : : "a"(low), "d"(high), "c"(model_specific(r)));
}

void control_registers(Worker&, Random& r) {
    u64 value = r.wild();
    switch (r.below(6)) {
        case 0:
            asm volatile("mov %0, %%cr0" : : "r"(value));
            break;
        case 1:
            asm volatile("mov %%cr0, %0; mov %0, %%cr0" : "+r"(value));
            break;
        case 2:
            asm volatile("mov %0, %%cr2" : : "r"(value));
            break;
        case 3:
            asm volatile("mov %%cr3, %0; mov %0, %%cr3" : "+r"(value));
            break;
        case 4:
            asm volatile("mov %0, %%cr4" : : "r"(value));
            break;
        default:
            asm volatile("xsetbv" : : "a"(value), "d"(value >> 32), "c"(r.below(2)));
    }
}

void ports(Worker&, Random& r) {
    u32 value = static_cast<u32>(r.word());
    auto const number = static_cast<u16>(r.one_of({u64{0x20}, u64{0x40}, u64{0x70}, u64{0x3f8}, u64{0xcf8},
                                                   u64{0xcfc}, u64{0xb2}, u64{0x64}, r.below(0x10000)}));
    switch (r.below(4)) {
        case 0:
            asm volatile("in %%dx, %%eax" : "+a"(value) : "d"(number));
            break;
        case 1:
            asm volatile("out %%eax, %%dx" : : "a"(value), "d"(number));
            break;
        case 2:
            asm volatile("in %%dx, %%al" : "+a"(value) : "d"(number));
            break;
        default:
            asm volatile("rep outsb" : : "S"(world().window.address().raw()), "c"(4), "d"(number));
    }
}

void privileged(Worker&, Random& r) {
    u64 const at = address(r);
    switch (r.below(10)) {
        case 0:
            asm volatile("hlt");
            break;
        case 1:
            asm volatile("lgdt (%0)" : : "r"(at));
            break;
        case 2:
            asm volatile("invlpg (%0)" : : "r"(at));
            break;
        case 3:
            asm volatile("ltr %w0" : : "r"(r.wild()));
            break;
        case 4:
            asm volatile("cli; sti");
            break;
        case 5:
            asm volatile("swapgs");
            break;
        case 6:
            asm volatile("sysretq");
            break;
        case 7:
            asm volatile("wbinvd");
            break;
        case 8:
            asm volatile("vmcall");
            break;
        default:
            asm volatile("ud2");
    }
}

void selectors(Worker&, Random& r) {
    auto const selector = static_cast<u16>(r.once_in(2) ? r.below(0x10000) : 0xe000 + r.below(0x60));
    if (r.once_in(2))
        asm volatile("mov %w0, %%gs" : : "r"(selector));
    else
        asm volatile("mov %w0, %%es; mov %w0, %%ds" : : "r"(selector));
}

// Ones that fault on the way back, too. Without a stack, or with privilege 3 in CS,
// for a user mode that there is not, it would be this guest's end.
void return_somewhere(Worker&, Random& r) {
    u64 const cs = (r.once_in(2) ? u64{FLAT_KERNEL_CS} : r.below(0x10000)) & ~u64{3};
    u64 const ss = r.once_in(2) ? u64{FLAT_KERNEL_SS} : r.below(0x10000);
    havoc_iret(cs, ss, r.once_in(2) ? 0x202 : r.wild());
}

void access(Worker&, Random& r) {
    u64 const at = hostile_address(r);
    if (r.once_in(2))
        static_cast<void>(*reinterpret_cast<u8 volatile*>(at));
    else
        asm volatile("rep stosb" : : "D"(at), "a"(0), "c"(16) : "memory");
}

void cpuid(Worker&, Random& r) {
    auto a = static_cast<u32>(
        r.one_of({r.below(64), 0x40000000 + r.below(8), 0x80000000 + r.below(64), r.wild()}));
    auto c = static_cast<u32>(r.below(64));
    u32 b = 0;
    u32 d = 0;
    if (r.once_in(2))
        asm volatile("ud2a\n\t.ascii \"xen\"\n\tcpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    else
        asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
}

void flags(Worker&, Random& r) {
    asm volatile("push %0; popfq; nop; pushq $2; popfq" : : "r"(r.wild() & 0x3f7ad5) : "cc");
}

constexpr std::array rules{
    Weighted{4, registers}, Weighted{3, control_registers}, Weighted{3, ports},  Weighted{4, privileged},
    Weighted{4, selectors}, Weighted{4, return_somewhere},  Weighted{4, access}, Weighted{2, cpuid},
    Weighted{2, flags},
};

}  // namespace

constinit std::span<Weighted const> const instruction_rules{rules};

}  // namespace havoc
