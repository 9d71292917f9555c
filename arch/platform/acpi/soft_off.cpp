// SPDX-License-Identifier: MIT
// \_S5: Name(_S5, Package(){a, b, ...}). Integers in AML are ZeroOp, OneOp or
// a byte behind BytePrefix (20.2.3); that is all compilers use here.
#include "arch/platform/acpi/tables.hpp"

namespace acpi {
namespace {

constexpr u8 zero_op = 0x00, one_op = 0x01, byte_prefix = 0x0a, package_op = 0x12;

// One integer at `at`, which moves behind it.
std::optional<u8> integer(std::span<u8 const> aml, usize& at) {
    if (at >= aml.size())
        return {};
    u8 const op = aml[at++];
    if (op == zero_op || op == one_op)
        return op;
    if (op != byte_prefix || at >= aml.size())
        return {};
    return aml[at++];
}

// Behind the name: PackageOp, PkgLength (its top bits say how many bytes it
// has), NumElements, elements.
std::optional<SleepType> package(std::span<u8 const> aml, usize at) {
    if (at + 2 > aml.size() || aml[at] != package_op)
        return {};
    at += 1;
    at += 1 + (aml[at] >> 6);  // the package's length
    at += 1;                   // number of elements
    auto const a = integer(aml, at);
    auto const b = integer(aml, at);
    if (!a || !b || *a > 7 || *b > 7)
        return {};
    return SleepType{*a, *b};
}

}  // namespace

std::optional<SleepType> find_soft_off(std::span<u8 const> dsdt) {
    std::string_view const text{reinterpret_cast<char const*>(dsdt.data()), dsdt.size()};
    constexpr std::string_view name = "_S5_";
    for (usize at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1))
        if (auto const found = package(dsdt, at + name.size()))
            return found;
    return {};
}

}  // namespace acpi
