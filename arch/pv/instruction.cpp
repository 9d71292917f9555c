// SPDX-License-Identifier: MIT
#include "arch/pv/instruction.hpp"

#include <cstring>

namespace pv {
namespace {

// True when `b` is a legacy prefix, which is then noted.
bool note_prefix(Instruction& i, u8 b) {
    switch (b) {
        case 0x66:
            i.operand16 = true;
            return true;
        case 0x67:
            i.address32 = true;
            return true;
        case 0xf0:
            i.lock = true;
            return true;
        case 0xf2:
            i.repne = true;
            return true;
        case 0xf3:
            i.rep = true;
            return true;
        case 0x26:
        case 0x2e:
        case 0x36:
        case 0x3e:
        case 0x64:
        case 0x65:
            i.segment = true;
            return true;
        default:
            return false;
    }
}

unsigned displacement_bytes(unsigned mod, unsigned base) {
    if (mod == 1)
        return 1;
    if (mod == 2 || (mod == 0 && base == 5))
        return 4;
    return 0;
}

bool high_byte(Instruction const& i, unsigned n, unsigned bytes) {
    return bytes == 1 && i.rex == 0 && n >= 4 && n < 8;
}

constexpr u64 mask_of(unsigned bytes) {
    return bytes >= 8 ? ~u64{0} : (u64{1} << bytes * 8) - 1;
}

}  // namespace

std::optional<u64> Instruction::immediate(unsigned n) {
    if (bytes.size() - length < n)
        return {};
    u64 v = 0;
    std::memcpy(&v, bytes.data() + length, n);
    length += n;
    unsigned const shift = 64 - n * 8;
    return static_cast<u64>(static_cast<s64>(v << shift) >> shift);
}

std::optional<Instruction> decode(std::span<u8 const> bytes) {
    Instruction i;
    i.bytes = bytes;
    auto const at_end = [&] { return i.length >= bytes.size(); };
    while (!at_end() && note_prefix(i, bytes[i.length]))
        ++i.length;
    if (!at_end() && (bytes[i.length] & 0xf0) == 0x40)
        i.rex = bytes[i.length++];
    if (at_end())
        return {};
    i.opcode = bytes[i.length++];
    if (i.opcode != 0x0f)
        return i;
    if (at_end())
        return {};
    i.opcode = static_cast<u16>(0x0f00 | bytes[i.length++]);
    return i;
}

bool decode_modrm(Instruction& i) {
    if (i.length >= i.bytes.size())
        return false;
    i.modrm = i.bytes[i.length++];
    if (i.mod() == 3)
        return true;
    unsigned base = i.modrm & 7;
    if (base == 4) {
        if (i.length >= i.bytes.size())
            return false;
        base = i.bytes[i.length++] & 7;
    }
    unsigned const skip = displacement_bytes(i.mod(), base);
    if (i.bytes.size() - i.length < skip)
        return false;
    i.length += skip;
    return true;
}

u64& gpr(arch::Frame& f, unsigned n) {
    switch (n & 15) {
        case 0:
            return f.rax;
        case 1:
            return f.rcx;
        case 2:
            return f.rdx;
        case 3:
            return f.rbx;
        case 4:
            return f.rsp;
        case 5:
            return f.rbp;
        case 6:
            return f.rsi;
        case 7:
            return f.rdi;
        case 8:
            return f.r8;
        case 9:
            return f.r9;
        case 10:
            return f.r10;
        case 11:
            return f.r11;
        case 12:
            return f.r12;
        case 13:
            return f.r13;
        case 14:
            return f.r14;
        default:
            return f.r15;
    }
}

u64 read_gpr(arch::Frame& f, Instruction const& i, unsigned n, unsigned bytes) {
    if (high_byte(i, n, bytes))
        return gpr(f, n - 4) >> 8 & 0xff;
    return gpr(f, n) & mask_of(bytes);
}

void write_gpr(arch::Frame& f, Instruction const& i, unsigned n, unsigned bytes, u64 value) {
    if (high_byte(i, n, bytes)) {
        u64& r = gpr(f, n - 4);
        r = (r & ~u64{0xff00}) | (value & 0xff) << 8;
        return;
    }
    u64& r = gpr(f, n);
    r = bytes >= 4 ? value & mask_of(bytes) : (r & ~mask_of(bytes)) | (value & mask_of(bytes));
}

}  // namespace pv
