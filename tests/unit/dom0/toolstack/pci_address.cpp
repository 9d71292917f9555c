// SPDX-License-Identifier: MIT
#include "dom0/toolstack/pci_address.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

using namespace toolstack;

TEST_CASE("PCI addresses are read as xl writes them") {
    CHECK(*parse_pci_address("00:03.0") == pci::Address{0, 3, 0});
    CHECK(*parse_pci_address("0000:1f:1e.7") == pci::Address{0x1f, 0x1e, 7});
    CHECK(to_string(pci::Address{0x1f, 0x1e, 7}) == "1f:1e.7");
}

TEST_CASE("IM-2 what is no PCI address is refused by name") {
    for (auto const* text : {"", ":", "00:03", "00:20.0", "00:03.8", "1:00:03.0", "00:03.0.1", "0:0:0:0.0",
                             "x:03.0", "00:03.", "00:.0", "100:03.0", " 00:03.0", "00:-1.0"}) {
        auto const parsed = parse_pci_address(text);
        REQUIRE(!parsed.has_value());
        CHECK(parsed.error().find("'" + std::string{text} + "'") == 0);
    }
}

TEST_CASE("IM-2 every address is read back as it was written", "[property]") {
    rc::prop("bus, device, function", [](u8 bus, u8 rest) {
        pci::Address const at{bus, static_cast<u8>(rest >> 3), static_cast<u8>(rest & 7)};
        RC_ASSERT((*parse_pci_address(to_string(at)) == at));
    });
}
