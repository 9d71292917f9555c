// SPDX-License-Identifier: MIT
#include "dom0/toolstack/pci_address.hpp"

#include <array>
#include <cstdio>

#include "dom0/toolstack/text.hpp"

namespace toolstack {

Outcome<pci::Address> parse_pci_address(std::string_view text) {
    constexpr unsigned hexadecimal = 16, most_devices = 32, most_functions = 8;
    auto const fail = [&] {
        return Failure{"'" + std::string{text} + "' is no PCI address of segment 0 such as 00:03.0"};
    };
    auto parts = split(text, ':');
    if (parts.size() == 3) {
        if (to_number<u16>(parts.front(), hexadecimal) != u16{0})
            return fail();
        parts.erase(parts.begin());
    }
    auto const dot = parts.back().find('.');
    if (parts.size() != 2 || dot == std::string_view::npos)
        return fail();
    auto const bus = to_number<u8>(parts[0], hexadecimal);
    auto const device = to_number<u8>(parts[1].substr(0, dot), hexadecimal);
    auto const function = to_number<u8>(parts[1].substr(dot + 1), hexadecimal);
    if (!bus || !device || *device >= most_devices || !function || *function >= most_functions)
        return fail();
    return pci::Address{*bus, *device, *function};
}

std::string to_string(pci::Address at) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02x:%02x.%x", at.bus, at.device, at.function);
    return text.data();
}

}  // namespace toolstack
