// SPDX-License-Identifier: MIT
// Hypercalls with types. In guest-kernel mode a `syscall` is always a
// hypercall, so the instruction stands here and no hypercall page is needed.
// Arrays are spans, single arguments are references, failures are Results.
#pragma once

#include <span>

#include "kernel/abi/xen.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace rt::hypercall {

// Number in RAX, arguments in RDI, RSI, RDX, R10, R8. A call that the
// hypervisor restarts may come back with changed argument registers.
inline s64 raw(u64 number, u64 a1 = 0, u64 a2 = 0, u64 a3 = 0, u64 a4 = 0, u64 a5 = 0) {
    s64 result = static_cast<s64>(number);
    register u64 r10 asm("r10") = a4;
    register u64 r8 asm("r8") = a5;
    asm volatile("syscall"
                 : "+a"(result), "+D"(a1), "+S"(a2), "+d"(a3), "+r"(r10), "+r"(r8)
                 :
                 : "rcx", "r11", "memory");
    return result;
}

inline Result<u64> checked(s64 result) {
    if (result < 0)
        return Fail{static_cast<Errno>(-result)};
    return static_cast<u64>(result);
}

template <class T>
u64 address(T const* pointer) {
    return reinterpret_cast<u64>(pointer);
}

inline constexpr DomId self{DOMID_SELF};

// --- Machine state -------------------------------------------------------

// `table` ends with an entry whose address is zero.
inline Result<u64> set_trap_table(trap_info_t const* table) {
    return checked(raw(__HYPERVISOR_set_trap_table, address(table)));
}
inline Result<u64> callback_op(int op, callback_register_t& argument) {
    return checked(raw(__HYPERVISOR_callback_op, static_cast<u64>(op), address(&argument)));
}
inline Result<u64> xen_version(int what, void* into) {
    return checked(raw(__HYPERVISOR_xen_version, static_cast<u64>(what), address(into)));
}
template <class T>
Result<u64> vcpu_op(int op, VcpuId vcpu, T& argument) {
    return checked(raw(__HYPERVISOR_vcpu_op, static_cast<u64>(op), vcpu.raw(), address(&argument)));
}
inline Result<u64> vcpu_op(int op, VcpuId vcpu) {
    return checked(raw(__HYPERVISOR_vcpu_op, static_cast<u64>(op), vcpu.raw(), 0));
}
template <class T>
Result<u64> sched_op(int op, T& argument) {
    return checked(raw(__HYPERVISOR_sched_op, static_cast<u64>(op), address(&argument)));
}
inline Result<u64> sched_op(int op) {
    return checked(raw(__HYPERVISOR_sched_op, static_cast<u64>(op), 0));
}

// --- Memory --------------------------------------------------------------

// How many requests were done is the first thing lost in an error, so it is
// given separately where it matters.
inline Result<u64> mmu_update(std::span<mmu_update_t const> requests, DomId owner = self,
                              u32* done = nullptr) {
    return checked(
        raw(__HYPERVISOR_mmu_update, address(requests.data()), requests.size(), address(done), owner.raw()));
}
inline Result<u64> mmuext_op(std::span<mmuext_op_t const> requests, DomId owner = self, u32* done = nullptr) {
    return checked(
        raw(__HYPERVISOR_mmuext_op, address(requests.data()), requests.size(), address(done), owner.raw()));
}
inline Result<u64> update_va_mapping(Vaddr at, u64 entry, u64 flags) {
    return checked(raw(__HYPERVISOR_update_va_mapping, at.raw(), entry, flags));
}
template <class T>
Result<u64> memory_op(unsigned op, T& argument) {
    return checked(raw(__HYPERVISOR_memory_op, op, address(&argument)));
}
template <class T>
Result<u64> grant_table_op(unsigned op, std::span<T> elements) {
    return checked(raw(__HYPERVISOR_grant_table_op, op, address(elements.data()), elements.size()));
}
template <class T>
Result<u64> grant_table_op(unsigned op, T& element) {
    return grant_table_op(op, std::span<T>{&element, 1});
}

// Each entry carries its own result; one that fails does not stop the rest.
inline Result<u64> multicall(std::span<multicall_entry_t> calls) {
    return checked(raw(__HYPERVISOR_multicall, address(calls.data()), calls.size()));
}

// --- Devices and control -------------------------------------------------

template <class T>
Result<u64> event_channel_op(int op, T& argument) {
    return checked(raw(__HYPERVISOR_event_channel_op, static_cast<u64>(op), address(&argument)));
}
template <class T>
Result<u64> physdev_op(int op, T& argument) {
    return checked(raw(__HYPERVISOR_physdev_op, static_cast<u64>(op), address(&argument)));
}
inline Result<u64> console_io(int op, std::span<char const> bytes) {
    return checked(raw(__HYPERVISOR_console_io, static_cast<u64>(op), bytes.size(), address(bytes.data())));
}
// Structures of domctl.h and sysctl.h, which only the driver domain includes.
template <class T>
Result<u64> domctl(T& argument) {
    return checked(raw(__HYPERVISOR_domctl, address(&argument)));
}
template <class T>
Result<u64> sysctl(T& argument) {
    return checked(raw(__HYPERVISOR_sysctl, address(&argument)));
}
template <class T>
Result<u64> platform_op(T& argument) {
    return checked(raw(__HYPERVISOR_platform_op, address(&argument)));
}

}  // namespace rt::hypercall
