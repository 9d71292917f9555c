// SPDX-License-Identifier: MIT
// The walk over buses. Firmware has numbered them; a bridge whose secondary
// bus was seen already is not followed, so the walk ends for any numbering.
#include "drivers/pci/enumerate.hpp"

#include <algorithm>
#include <bitset>

namespace pci {

namespace {

constexpr u8 devices_per_bus = 32;
constexpr u8 functions_per_device = 8;
constexpr u32 layout_bridge = 1;

class Walk {
  public:
    std::vector<Function> run() {
        pending_.push_back(0);
        while (!pending_.empty()) {
            u8 const bus = pending_.back();
            pending_.pop_back();
            if (seen_.test(bus))
                continue;
            seen_.set(bus);
            for (u8 device = 0; device < devices_per_bus; ++device)
                visit_device(bus, device);
        }
        std::ranges::sort(found_,
                          [](Function const& a, Function const& b) { return a.address() < b.address(); });
        return std::move(found_);
    }

  private:
    void visit_device(u8 bus, u8 device) {
        Function const first{{bus, device, 0}};
        if (!first.present())
            return;
        visit(first);
        if (HeaderType::MultiFunction::in(first.read<HeaderType>()) == 0)
            return;
        for (u8 function = 1; function < functions_per_device; ++function) {
            Function const other{{bus, device, function}};
            if (other.present())
                visit(other);
        }
    }

    void visit(Function const& function) {
        found_.push_back(function);
        bool const bridge = function.class_code() == class_pci_bridge &&
                            HeaderType::Layout::in(function.read<HeaderType>()) == layout_bridge;
        if (bridge)
            pending_.push_back(static_cast<u8>(BusNumbers::Secondary::in(function.read<BusNumbers>())));
    }

    std::vector<Function> found_;
    std::vector<u8> pending_;
    std::bitset<256> seen_;
};

}  // namespace

std::vector<Function> enumerate() {
    return Walk{}.run();
}

}  // namespace pci
