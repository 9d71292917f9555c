// SPDX-License-Identifier: MIT
// QEMU's interface for plugins. Distributions ship no header for it; what is
// used of it is declared here, by its documentation.
#pragma once
#include <cstddef>
#include <cstdint>

#define PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))

struct qemu_plugin_tb;    // a translation block
struct qemu_plugin_insn;  // an instruction of one
struct qemu_plugin_hwaddr;
struct qemu_plugin_scoreboard;  // an element for each CPU
struct qemu_plugin_register;

// A number in each of a scoreboard's elements.
struct qemu_plugin_u64 {
    qemu_plugin_scoreboard* score;
    std::size_t offset;
};

struct qemu_plugin_reg_descriptor {
    qemu_plugin_register* handle;
    char const* name;
    char const* feature;
};

// What a plugin is told when it is installed.
struct qemu_info_t {
    char const* target_name;
    struct {
        int min, cur;
    } version;
    bool system_emulation;
    struct {
        int smp_vcpus, max_vcpus;
    } system;
};

// Two types of glib, which QEMU is linked with.
struct GArray {
    char* data;
    unsigned len;
};
struct GByteArray {
    std::uint8_t* data;
    unsigned len;
};

extern "C" {

using qemu_plugin_id_t = std::uint64_t;
using qemu_plugin_meminfo_t = std::uint32_t;
using VcpuHandler = void (*)(qemu_plugin_id_t, unsigned vcpu);
using TranslationHandler = void (*)(qemu_plugin_id_t, qemu_plugin_tb*);
using ExecutionHandler = void (*)(unsigned vcpu, void* data);
using MemoryHandler = void (*)(unsigned vcpu, qemu_plugin_meminfo_t, std::uint64_t address, void* data);

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_CB_R_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_W };
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_init_cb(qemu_plugin_id_t, VcpuHandler);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, TranslationHandler);
void qemu_plugin_register_vcpu_tb_exec_cb(qemu_plugin_tb*, ExecutionHandler, qemu_plugin_cb_flags,
                                          void* data);
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn*, ExecutionHandler, qemu_plugin_cb_flags,
                                            void* data);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(qemu_plugin_insn*, qemu_plugin_op, qemu_plugin_u64,
                                                         std::uint64_t operand);
void qemu_plugin_register_vcpu_mem_cb(qemu_plugin_insn*, MemoryHandler, qemu_plugin_cb_flags,
                                      qemu_plugin_mem_rw, void* data);
std::size_t qemu_plugin_tb_n_insns(qemu_plugin_tb const*);
std::uint64_t qemu_plugin_tb_vaddr(qemu_plugin_tb const*);
qemu_plugin_insn* qemu_plugin_tb_get_insn(qemu_plugin_tb const*, std::size_t index);
std::size_t qemu_plugin_insn_data(qemu_plugin_insn const*, void* into, std::size_t length);
std::size_t qemu_plugin_insn_size(qemu_plugin_insn const*);
qemu_plugin_hwaddr* qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t, std::uint64_t address);
bool qemu_plugin_hwaddr_is_io(qemu_plugin_hwaddr const*);
qemu_plugin_scoreboard* qemu_plugin_scoreboard_new(std::size_t element_size);
void* qemu_plugin_scoreboard_find(qemu_plugin_scoreboard*, unsigned vcpu);
GArray* qemu_plugin_get_registers();
int qemu_plugin_read_register(qemu_plugin_register*, GByteArray*);

GByteArray* g_byte_array_new();
GByteArray* g_byte_array_set_size(GByteArray*, unsigned);

}  // extern "C"

// The oldest version of the interface that has all of it.
#define PLUGIN_DECLARES_VERSION PLUGIN_EXPORT int const qemu_plugin_version = 2
