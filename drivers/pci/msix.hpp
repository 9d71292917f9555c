// SPDX-License-Identifier: MIT
// Message-signalled interrupts (MSI-X) of one function. The table itself is
// the hypervisor's; here is the capability that switches it on.
#pragma once

#include <vector>

#include "drivers/pci/function.hpp"

namespace pci {

class Msix {
  public:
    // Switched on with every vector masked; Errno::nodev without MSI-X.
    static Result<Msix> enable(Function const& function);

    Msix(Msix&& other) noexcept;
    Msix& operator=(Msix&&) = delete;
    ~Msix();

    [[nodiscard]] u16 vectors() const { return vectors_; }

    Result<> connect(u16 vector, io::InterruptHandler handler);

    // Let the connected vectors through.
    void unmask() const;

  private:
    Msix(Function function, u8 capability, u16 vectors, Maddr table_bar)
        : function_{function}, capability_{capability}, vectors_{vectors}, table_bar_{table_bar} {}
    void switch_to(bool enabled, bool masked) const;

    Function function_;
    u8 capability_;  // zero: moved from
    u16 vectors_;
    Maddr table_bar_;
    std::vector<io::Interrupt> connected_;
};

}  // namespace pci
