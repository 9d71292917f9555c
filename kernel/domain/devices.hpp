// SPDX-License-Identifier: MIT
// The PCI functions that domains were given, beside the hardware domain's,
// which has the use of all.
#pragma once

#include <span>

#include "kernel/domain/assigned_function.hpp"

struct Domain;

class DomainDevices {
  public:
    static constexpr usize most = 4;

    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] AssignedFunction* find(machine::PciFunction f);
    [[nodiscard]] std::span<AssignedFunction const> all() const { return {functions_.data(), count_}; }
    // Null when there is no room.
    AssignedFunction* add() { return count_ == most ? nullptr : &functions_[count_++]; }
    void drop_last() { --count_; }

    // What the domain has put into port 0xcf8.
    std::atomic<u32> config_address{0};

  private:
    // Fixed before a vcpu of the domain may run, so read without a lock.
    std::array<AssignedFunction, most> functions_;
    usize count_ = 0;
};

namespace domains {

// Until the end of the domain, which is silent before its memory goes (IO-1).
// busy: the domain has a vcpu that may run already, or somebody has the
// function; nodev, inval: as machine::examine_function; nospc: too many for one.
// Callers take turns.
Result<> assign_function(Domain& d, machine::PciFunction f);
// Who has it; empty: the hardware domain.
[[nodiscard]] bool is_assigned(machine::PciFunction f);

}  // namespace domains
