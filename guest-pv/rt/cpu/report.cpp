// SPDX-License-Identifier: MIT
#include "guest-pv/rt/cpu/report.hpp"

#include <array>
#include <charconv>

#include "guest-pv/rt/console.hpp"
#include "guest-pv/rt/cpu/symbols.hpp"
#include "kernel/base/exceptions.hpp"

namespace rt {

namespace {

constexpr unsigned max_frames = 24;

using Digits = std::array<char, 16>;

std::string_view hex_digits(u64 value, Digits& digits) {
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return {digits.data(), static_cast<usize>(end - digits.data())};
}

void write_short_hex(u64 value) {
    Digits digits;
    console_write("0x");
    console_write(hex_digits(value, digits));
}

void write_hex(u64 value) {
    Digits digits;
    auto const text = hex_digits(value, digits);
    console_write(std::string_view{"0000000000000000"}.substr(text.size()));
    console_write(text);
}

void write_register(std::string_view name, u64 value) {
    console_write("  ");
    console_write(name);
    console_write(" ");
    write_hex(value);
}

std::string_view name_of(Symbol const& symbol) {
    return symbol.name.empty() ? "?" : symbol.name;
}

void write_code_address(u64 address) {
    console_write("  ");
    write_hex(address);
    auto const symbol = find_symbol(address);
    console_write(" ");
    console_write(name_of(symbol));
    if (symbol.offset > 0) {
        console_write(" + ");
        write_short_hex(symbol.offset);
    }
    console_write("\n");
}

void write_cause(Registers const& r) {
    console_write("unhandled ");
    console_write(exceptions::name(r.vector));
    if (r.vector == exceptions::page_fault) {
        console_write(": ");
        write_short_hex(fault_address());
        console_write(" was ");
        console_write(exceptions::access(r.error_code));
        console_write(", which is ");
        console_write(exceptions::objection(r.error_code));
    }
    console_write("; vector ");
    write_short_hex(r.vector);
    console_write(", error ");
    write_short_hex(r.error_code);
}

}  // namespace

void report_exception(Registers const& r) {
    write_cause(r);
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

void write_place(u64 address) {
    auto const symbol = find_symbol(address);
    console_write(name_of(symbol));
    console_write("+");
    write_short_hex(symbol.offset);
}

void write_number(u64 value) {
    std::array<char, 20> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    console_write({digits.data(), static_cast<usize>(end - digits.data())});
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
