// SPDX-License-Identifier: MIT
// The MSI-X capability: enabled with everything masked first, so that no
// vector fires before the hypervisor has written where it goes.
#include "drivers/pci/msix.hpp"

#include <utility>

namespace pci {

Result<Msix> Msix::enable(Function const& function) {
    auto const capability = function.find(Capability::msix);
    if (!capability)
        return Fail{Errno::nodev};
    auto const control = function.read<MsixControl>(*capability);
    auto const table = function.read<MsixTable>(*capability);
    auto const bar = TRY(function.memory_bar(MsixTable::Bar::in(table)));
    TRY_VOID(host::announce(function.address()));

    Msix msix{function, *capability, static_cast<u16>(MsixControl::LastEntry::in(control) + 1), bar.base};
    msix.switch_to(true, true);
    return msix;
}

Msix::Msix(Msix&& other) noexcept
    : function_{other.function_},
      capability_{std::exchange(other.capability_, u8{0})},
      vectors_{other.vectors_},
      table_bar_{other.table_bar_},
      connected_{std::move(other.connected_)} {}

Msix::~Msix() {
    if (capability_ == 0)
        return;
    switch_to(true, true);
    connected_.clear();
    switch_to(false, true);
}

Result<> Msix::connect(u16 vector, io::InterruptHandler handler) {
    if (vector >= vectors_)
        return Fail{Errno::range};
    connected_.push_back(
        TRY(host::connect_msix(function_.address(), table_bar_, vector, std::move(handler))));
    return {};
}

void Msix::unmask() const {
    switch_to(true, false);
}

void Msix::switch_to(bool enabled, bool masked) const {
    auto const control = function_.read<MsixControl>(capability_);
    function_.write(MsixControl::MaskAll::replaced(MsixControl::Enable::replaced(control, enabled ? 1 : 0),
                                                   masked ? 1 : 0),
                    capability_);
}

}  // namespace pci
