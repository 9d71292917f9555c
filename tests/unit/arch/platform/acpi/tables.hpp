// SPDX-License-Identifier: MIT
// ACPI tables built byte by byte, with a checksum that holds.
#pragma once

#include <numeric>
#include <string_view>
#include <vector>

#include "arch/platform/acpi/tables.hpp"

class Table {
    std::vector<u8> bytes_ = std::vector<u8>(sizeof(acpi::TableHead));

  public:
    explicit Table(std::string_view signature) {
        std::copy(signature.begin(), signature.end(), bytes_.begin());
    }

    template <std::integral T>
    Table& add(T v) {
        for (usize i = 0; i < sizeof v; ++i)
            bytes_.push_back(static_cast<u8>(static_cast<u64>(v) >> 8 * i));
        return *this;
    }
    Table& add(std::initializer_list<u8> values) {
        bytes_.insert(bytes_.end(), values);
        return *this;
    }
    // A field at a fixed place.
    template <std::integral T>
    Table& at(usize where, T v) {
        bytes_.resize(std::max(bytes_.size(), where + sizeof v));
        for (usize i = 0; i < sizeof v; ++i)
            bytes_[where + i] = static_cast<u8>(static_cast<u64>(v) >> 8 * i);
        return *this;
    }
    [[nodiscard]] std::vector<u8> finish() {
        at(4, static_cast<u32>(bytes_.size()));
        at(9, u8{0});
        bytes_[9] = static_cast<u8>(-std::accumulate(bytes_.begin(), bytes_.end(), 0));
        return bytes_;
    }
};

inline std::vector<u8> root_pointer(u8 revision, u32 rsdt, u64 xsdt) {
    std::vector<u8> b(36);
    constexpr std::string_view signature = "RSD PTR ";
    std::copy(signature.begin(), signature.end(), b.begin());
    b[15] = revision;
    for (usize i = 0; i < 4; ++i)
        b[16 + i] = static_cast<u8>(rsdt >> 8 * i);
    b[20] = 36;
    for (usize i = 0; i < 8; ++i)
        b[24 + i] = static_cast<u8>(xsdt >> 8 * i);
    b[8] = static_cast<u8>(-std::accumulate(b.begin(), b.begin() + 20, 0));
    b[32] = static_cast<u8>(-std::accumulate(b.begin(), b.end(), 0));
    return b;
}

// What QEMU's q35 has: one CPU, one IO-APIC, the timer moved to input 2.
inline std::vector<u8> typical_madt() {
    Table t{"APIC"};
    t.add(u32{0xfee00000}).add(u32{1});
    t.add({0, 8, 0, 0, 1, 0, 0, 0});
    t.add({1, 12, 0, 0}).add(u32{0xfec00000}).add(u32{0});
    t.add({2, 10, 0, 0}).add(u32{2}).add(u16{0});
    t.add({2, 10, 0, 9}).add(u32{9}).add(u16{0xf});
    return t.finish();
}

inline std::vector<u8> typical_fadt() {
    Table t{"FACP"};
    t.at(40, u32{0x7000})
        .at(48, u32{0xb2})
        .at(52, u8{2})
        .at(56, u32{0x600})
        .at(60, u32{0x700})
        .at(64, u32{0x604})
        .at(76, u32{0x608});
    t.at(88, u8{4}).at(112, u32{1u << 10 | 1u << 8});
    t.at(116, u8{1}).at(117, u8{8}).at(120, u64{0xcf9}).at(128, u8{0xf});
    t.at(140, u64{0});
    return t.finish();
}

// A byte of the object \_S5 among other AML.
inline std::vector<u8> typical_dsdt() {
    Table t{"DSDT"};
    t.add({0x10, 0x20, 0x5c, 0x00, 0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x0a, 0x05, 0x0a, 0x06, 0x00,
           0x00});
    return t.finish();
}
