// SPDX-License-Identifier: MIT
#include "arch/pv/store_effect.hpp"

#include <bit>

#include "arch/cpu/control_regs.hpp"

namespace pv {
namespace {

namespace fl = arch::flags;
constexpr u64 all_flags = fl::cf | fl::pf | fl::af | fl::zf | fl::sf | fl::of;

constexpr u64 mask_of(unsigned bytes) {
    return bytes >= 8 ? ~u64{0} : (u64{1} << bytes * 8) - 1;
}
constexpr u64 sign_of(unsigned bytes) {
    return u64{1} << (bytes * 8 - 1);
}

u64 result_flags(u64 r, unsigned bytes) {
    u64 f = 0;
    if (r == 0)
        f |= fl::zf;
    if ((r & sign_of(bytes)) != 0)
        f |= fl::sf;
    if (std::popcount(r & 0xff) % 2 == 0)
        f |= fl::pf;
    return f;
}

StoreEffect with_flags(unsigned bytes, u64 r, u64 extra, u64 changed) {
    StoreEffect e;
    e.bytes = bytes;
    e.value = r;
    e.flags = result_flags(r, bytes) | extra;
    e.flags_changed = changed;
    return e;
}

StoreEffect plain(unsigned bytes, u64 r) {
    StoreEffect e;
    e.bytes = bytes;
    e.value = r & mask_of(bytes);
    return e;
}

StoreEffect add(unsigned n, u64 a, u64 b, u64 changed = all_flags) {
    u64 const r = (a + b) & mask_of(n);
    u64 const extra =
        (r < a ? fl::cf : 0) | (((a ^ r) & (b ^ r) & sign_of(n)) != 0 ? fl::of : 0) | ((a ^ b ^ r) & fl::af);
    return with_flags(n, r, extra, changed);
}

StoreEffect sub(unsigned n, u64 a, u64 b, u64 changed = all_flags) {
    u64 const r = (a - b) & mask_of(n);
    u64 const extra =
        (a < b ? fl::cf : 0) | (((a ^ b) & (a ^ r) & sign_of(n)) != 0 ? fl::of : 0) | ((a ^ b ^ r) & fl::af);
    return with_flags(n, r, extra, changed);
}

// The eight ALU operations of opcodes 00..3f and group 1, by their number.
enum Alu : unsigned { alu_add = 0, alu_or = 1, alu_and = 4, alu_sub = 5, alu_xor = 6 };

bool supported_alu(unsigned op) {
    return op == alu_add || op == alu_or || op == alu_and || op == alu_sub || op == alu_xor;
}

StoreEffect alu(unsigned op, unsigned n, u64 a, u64 b) {
    switch (op) {
        case alu_add:
            return add(n, a, b);
        case alu_or:
            return with_flags(n, a | b, 0, all_flags);
        case alu_and:
            return with_flags(n, a & b, 0, all_flags);
        case alu_sub:
            return sub(n, a, b);
        default:
            return with_flags(n, a ^ b, 0, all_flags);
    }
}

// BTS, BTR, BTC: number 5, 6, 7 of group 8 and of opcodes 0fab, 0fb3, 0fbb.
StoreEffect bit_op(unsigned op, unsigned n, u64 a, u64 bit) {
    u64 const m = u64{1} << (bit & (n * 8 - 1));
    u64 const r = op == 5 ? a | m : op == 6 ? a & ~m : a ^ m;
    StoreEffect e = plain(n, r);
    e.flags = (a & m) != 0 ? fl::cf : 0;
    e.flags_changed = fl::cf;
    return e;
}

bool is_alu_store(u16 opcode) {
    return opcode < 0x40 && (opcode & 7) < 2 && supported_alu(opcode >> 3);
}
bool is_group1(u16 opcode) {
    return opcode == 0x80 || opcode == 0x81 || opcode == 0x83;
}
bool is_bit_reg(u16 opcode) {
    return opcode == 0x0fab || opcode == 0x0fb3 || opcode == 0x0fbb;
}

StoreEffect exchange(StoreEffect e, StoreForm const& form, u64 old) {
    e.writes_register = true;
    e.reg = form.reg;
    e.reg_value = old;
    return e;
}

StoreEffect compare_exchange(StoreForm const& form, Instruction const& i, arch::Frame& f, u64 old) {
    u64 const expected = read_gpr(f, i, 0, form.bytes);
    StoreEffect e = sub(form.bytes, expected, old);
    if (expected == old) {
        e.value = form.source;
        return e;
    }
    e.stores = false;
    e.writes_register = true;
    e.reg = 0;
    e.reg_value = old;
    return e;
}

// Forms whose source is the ModRM register.
std::optional<StoreForm> from_register(Instruction& i, arch::Frame& f, unsigned bytes) {
    return StoreForm{bytes, read_gpr(f, i, i.reg(), bytes), i.reg()};
}

std::optional<StoreForm> from_immediate(Instruction& i, unsigned bytes, unsigned immediate_bytes) {
    auto const v = i.immediate(immediate_bytes);
    if (!v)
        return {};
    return StoreForm{bytes, *v & mask_of(bytes), 0};
}

}  // namespace

std::optional<StoreForm> store_form(Instruction& i, arch::Frame& f) {
    if (!decode_modrm(i) || i.mod() == 3 || i.address32)
        return {};
    unsigned const n = i.operand_bytes();
    if (is_alu_store(i.opcode))
        return from_register(i, f, n);
    if (is_group1(i.opcode))
        return supported_alu(i.group()) ? from_immediate(i, n, i.opcode == 0x81 ? std::min(n, 4u) : 1)
                                        : std::nullopt;
    if (is_bit_reg(i.opcode)) {
        // A register bit index may reach beyond the operand: not this entry.
        auto form = from_register(i, f, i.full_bytes());
        return form->source < form->bytes * 8 ? form : std::nullopt;
    }
    switch (i.opcode) {
        case 0x86:
        case 0x87:
        case 0x88:
        case 0x89:
        case 0x0fb0:
        case 0x0fb1:
        case 0x0fc0:
        case 0x0fc1:
            return from_register(i, f, n);
        case 0x0fc3:  // MOVNTI
            return from_register(i, f, i.full_bytes());
        case 0xc6:
        case 0xc7:
            return i.group() == 0 ? from_immediate(i, n, std::min(n, 4u)) : std::nullopt;
        case 0xf6:
        case 0xf7:
            return i.group() == 2 || i.group() == 3 ? std::optional{StoreForm{n, 0, 0}} : std::nullopt;
        case 0xfe:
        case 0xff:
            return i.group() < 2 ? std::optional{StoreForm{n, 1, 0}} : std::nullopt;
        case 0x0fba:
            return i.group() >= 5 ? from_immediate(i, i.full_bytes(), 1) : std::nullopt;
        default:
            return {};
    }
}

StoreEffect store_effect(Instruction const& i, StoreForm const& form, arch::Frame& f, u64 old) {
    unsigned const n = form.bytes;
    if (is_alu_store(i.opcode))
        return alu(i.opcode >> 3, n, old, form.source);
    if (is_group1(i.opcode))
        return alu(i.group(), n, old, form.source);
    switch (i.opcode) {
        case 0x86:
        case 0x87:
            return exchange(plain(n, form.source), form, old);
        case 0x0fc0:
        case 0x0fc1:
            return exchange(add(n, old, form.source), form, old);
        case 0x0fb0:
        case 0x0fb1:
            return compare_exchange(form, i, f, old);
        case 0xf6:
        case 0xf7:
            return i.group() == 2 ? plain(n, ~old) : sub(n, 0, old);
        case 0xfe:
        case 0xff:
            return i.group() == 0 ? add(n, old, 1, all_flags & ~fl::cf) : sub(n, old, 1, all_flags & ~fl::cf);
        case 0x0fba:
            return bit_op(i.group(), n, old, form.source);
        case 0x0fab:
        case 0x0fb3:
        case 0x0fbb:
            return bit_op((i.opcode >> 3) & 7, n, old, form.source);
        default:
            return plain(n, form.source);
    }
}

}  // namespace pv
