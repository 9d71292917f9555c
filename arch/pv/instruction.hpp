// SPDX-License-Identifier: MIT
// Decoding of the few x86-64 instructions that are emulated (D6): prefixes,
// opcode, ModRM with its address bytes, and how long it all is. Pure logic; the
// formats are those of the Intel SDM volume 2, chapter 2.
#pragma once

#include <optional>
#include <span>

#include "arch/cpu/frame.hpp"

namespace pv {

inline constexpr usize max_instruction = 15;

struct Instruction {
    bool operand16 = false, address32 = false, lock = false, rep = false, repne = false, segment = false;
    u8 rex = 0;
    u16 opcode = 0;  // 0x0fXX for two-byte opcodes
    u8 modrm = 0;
    usize length = 0;  // up to here; immediates are taken with immediate()
    std::span<u8 const> bytes;

    [[nodiscard]] unsigned mod() const { return modrm >> 6; }
    [[nodiscard]] unsigned reg() const { return (modrm >> 3 & 7u) | (rex & 4u) << 1; }
    [[nodiscard]] unsigned rm() const { return (modrm & 7u) | (rex & 1u) << 3; }
    [[nodiscard]] unsigned group() const { return modrm >> 3 & 7u; }
    [[nodiscard]] bool wide() const { return (rex & 8) != 0; }
    // Operand bytes for opcodes whose bit 0 tells byte from full size.
    [[nodiscard]] unsigned operand_bytes() const {
        if ((opcode & 1) == 0)
            return 1;
        return full_bytes();
    }
    [[nodiscard]] unsigned full_bytes() const { return wide() ? 8 : operand16 ? 2 : 4; }

    // The next `n` bytes (1, 2 or 4), sign-extended; nothing when they are missing.
    std::optional<u64> immediate(unsigned n);
};

// Prefixes and opcode. Nothing when the bytes end too soon.
std::optional<Instruction> decode(std::span<u8 const> bytes);
// ModRM, SIB and displacement behind the opcode; false when the bytes end.
bool decode_modrm(Instruction& i);

// General register `n` of the encoding (0 RAX ... 15 R15).
u64& gpr(arch::Frame& f, unsigned n);
// The same as a value of `bytes` bytes. Byte registers 4..7 without REX are
// AH..BH.
u64 read_gpr(arch::Frame& f, Instruction const& i, unsigned n, unsigned bytes);
// A write as the CPU does it: 4 bytes clear the upper half, fewer keep it.
void write_gpr(arch::Frame& f, Instruction const& i, unsigned n, unsigned bytes, u64 value);

}  // namespace pv
