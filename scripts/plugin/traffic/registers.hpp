// SPDX-License-Identifier: MIT
// Registers that tell who runs. Read from a handler that asked for registers.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

#include "scripts/plugin/qemu_plugin.hpp"

namespace traffic {

class Registers {
  public:
    // On the thread of the CPU, when it is there.
    void find() {
        auto const* const all = qemu_plugin_get_registers();
        auto const* const each = reinterpret_cast<qemu_plugin_reg_descriptor const*>(all->data);
        for (unsigned i = 0; i < all->len; i++) {
            std::string_view const name = each[i].name;
            if (name == "gs_base")
                gs_base_ = each[i].handle;
            else if (name == "k_gs_base")
                kernel_gs_base_ = each[i].handle;
            else if (name == "cr3")
                cr3_ = each[i].handle;
            else if (name == "rax")
                rax_ = each[i].handle;
            else if (name == "rdx")
                rdx_ = each[i].handle;
        }
    }

    // One number for each system that runs: a Linux kernel is known by where it
    // keeps its data of this CPU, in whichever of the two registers that is now.
    // A guest of our kit has no such place, and a single address space.
    std::uint64_t running_system() {
        for (auto* const base : {gs_base_, kernel_gs_base_})
            if (std::uint64_t const value = read(base); value >> 63)
                return value;
        return read(cr3_);
    }

    // After the instruction that reads the time-stamp counter.
    std::uint64_t time_stamp() { return read(rdx_) << 32 | (read(rax_) & 0xffff'ffff); }

  private:
    std::uint64_t read(qemu_plugin_register* from) {
        std::uint64_t value = 0;
        g_byte_array_set_size(bytes_, 0);
        if (from && qemu_plugin_read_register(from, bytes_) > 0)
            std::memcpy(&value, bytes_->data, bytes_->len < sizeof value ? bytes_->len : sizeof value);
        return value;
    }

    qemu_plugin_register* gs_base_ = nullptr;
    qemu_plugin_register* kernel_gs_base_ = nullptr;
    qemu_plugin_register* cr3_ = nullptr;
    qemu_plugin_register* rax_ = nullptr;
    qemu_plugin_register* rdx_ = nullptr;
    GByteArray* bytes_ = g_byte_array_new();
};

}  // namespace traffic
