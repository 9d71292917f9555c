// SPDX-License-Identifier: MIT
// ND-1: any bytes as configuration space: lists of capabilities end, ranges are whole or none
#include "drivers/pci/function.hpp"

#include <bit>

#include "drivers/pci/msix.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/host/net/pci_space.hpp"

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, size};
    devices::PciSpace space;
    for (u32 offset = 0; offset < 256; offset += 4)
        space.words[static_cast<u8>(offset)] = input.take<u32>();
    devices::pci_space() = space;
    pci::Function const function{{0, 1, 0}};
    for (auto const kind : {pci::Capability::power, pci::Capability::msi, pci::Capability::vendor,
                            pci::Capability::express, pci::Capability::msix}) {
        auto const all = function.find_all(kind);
        fuzz::require(all.size() <= 48, "a list is no longer than the space has room for");
        fuzz::require(all.empty() ? !function.find(kind) : function.find(kind) == all.front(),
                      "the first is the first");
        for (u8 const at : all)
            fuzz::require(at >= 0x40 && at % 4 == 0, "a capability lies behind the header");
    }
    for (unsigned i = 0; i < 6; ++i)
        if (auto const bar = function.memory_bar(i))
            fuzz::require(std::has_single_bit(bar->bytes) && bar->base.raw() % bar->bytes == 0,
                          "a range is aligned to its size");
    if (auto const msix = pci::Msix::enable(function))
        fuzz::require(msix->vectors() >= 1 && msix->vectors() <= 2048, "there are vectors");
    return 0;
}
