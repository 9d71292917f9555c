// SPDX-License-Identifier: MIT
#include "arch/pv/instruction.hpp"

#include <array>
#include <cstring>

namespace pv {
namespace {

constexpr std::array<u8, 11> prefixes{0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65};

// A bit for each byte that is a legacy prefix.
constexpr std::array<u64, 4> prefix_bits = [] {
    std::array<u64, 4> bits{};
    for (u8 const b : prefixes)
        bits[b / 64] |= u64{1} << b % 64;
    return bits;
}();

bool is_prefix(u8 b) {
    return (prefix_bits[b / 64] >> b % 64 & 1) != 0;
}

void note_prefix(Instruction& i, u8 b) {
    switch (b) {
        case 0x66:
            i.operand16 = true;
            break;
        case 0x67:
            i.address32 = true;
            break;
        case 0xf0:
            i.lock = true;
            break;
        case 0xf2:
            i.repne = true;
            break;
        case 0xf3:
            i.rep = true;
            break;
        default:
            i.segment = true;
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
    while (!at_end() && is_prefix(bytes[i.length]))
        note_prefix(i, bytes[i.length++]);
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
    using F = arch::Frame;
    static constexpr std::array<u64 F::*, 16> by_number{&F::rax, &F::rcx, &F::rdx, &F::rbx, &F::rsp, &F::rbp,
                                                        &F::rsi, &F::rdi, &F::r8,  &F::r9,  &F::r10, &F::r11,
                                                        &F::r12, &F::r13, &F::r14, &F::r15};
    return f.*by_number[n % by_number.size()];
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
