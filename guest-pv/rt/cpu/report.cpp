// SPDX-License-Identifier: MIT
#include "guest-pv/rt/cpu/report.hpp"

#include <array>
#include <charconv>

#include "guest-pv/rt/console.hpp"
#include "guest-pv/rt/cpu/symbols.hpp"

namespace rt {

namespace {

constexpr unsigned max_frames = 24;

void write_hex(u64 value) {
    std::array<char, 16> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    auto const length = static_cast<usize>(end - digits.data());
    console_write(std::string_view{"0000000000000000"}.substr(length));
    console_write({digits.data(), length});
}

void write_register(std::string_view name, u64 value) {
    console_write("  ");
    console_write(name);
    console_write(" ");
    write_hex(value);
}

void write_code_address(u64 address) {
    console_write("  ");
    write_hex(address);
    auto const symbol = find_symbol(address);
    console_write(" ");
    console_write(symbol.name.empty() ? "?" : symbol.name);
    if (symbol.offset > 0) {
        console_write(" + ");
        write_hex(symbol.offset);
    }
    console_write("\n");
}

std::string_view name_of(u64 vector) {
    switch (static_cast<Vector>(vector)) {
        case Vector::divide_error:
            return "divide error";
        case Vector::invalid_opcode:
            return "invalid opcode";
        case Vector::general_protection:
            return "general protection fault";
        case Vector::page_fault:
            return "page fault";
        case Vector::nmi:
            return "non-maskable interrupt";
        default:
            return "exception";
    }
}

}  // namespace

void report_exception(Registers const& r) {
    console_write("unhandled ");
    console_write(name_of(r.vector));
    write_register("vector", r.vector);
    write_register("error", r.error_code);
    if (r.vector == static_cast<u64>(Vector::page_fault))
        write_register("address", fault_address());
    struct Row {
        std::string_view name;
        u64 value;
    };
    std::array<Row, 18> const rows{{
        {"rip", r.rip},
        {"flg", r.rflags},
        {"rsp", r.rsp},
        {"rax", r.rax},
        {"rbx", r.rbx},
        {"rcx", r.rcx},
        {"rdx", r.rdx},
        {"rsi", r.rsi},
        {"rdi", r.rdi},
        {"rbp", r.rbp},
        {"r8 ", r.r8},
        {"r9 ", r.r9},
        {"r10", r.r10},
        {"r11", r.r11},
        {"r12", r.r12},
        {"r13", r.r13},
        {"r14", r.r14},
        {"r15", r.r15},
    }};
    for (usize row = 0; row < rows.size(); row++) {
        if (row % 3 == 0)
            console_write("\n");
        write_register(rows[row].name, rows[row].value);
    }
    console_write("\n");
    report_call_trace(r.rip, r.rbp);
}

// Each frame holds the caller's frame pointer and the return address. Frames
// of callers lie above; anything else ends the walk, as does a bad address.
void report_call_trace(u64 first, u64 frame) {
    console_write("call trace:\n");
    write_code_address(first);
    for (unsigned depth = 0; depth < max_frames; depth++) {
        u64 caller = 0;
        u64 address = 0;
        auto const* words = reinterpret_cast<u64 const*>(frame);
        if (frame % 8 != 0 || !try_read(words, caller) || !try_read(words + 1, address) || address == 0)
            return;
        write_code_address(address);
        if (caller <= frame)
            return;
        frame = caller;
    }
}

}  // namespace rt
