// SPDX-License-Identifier: MIT
// Domains for tests: made, running, and gone again with the test.
#pragma once

#include "kernel/domain/domain.hpp"

namespace host {

class TestDomain {
    DomainRef d_;

  public:
    explicit TestDomain(u16 id, Privileges priv = {}, u32 vcpus = 1);
    TestDomain(TestDomain const&) = delete;
    TestDomain& operator=(TestDomain const&) = delete;
    ~TestDomain();

    Domain* operator->() const { return &*d_; }
    Domain& operator*() const { return *d_; }
    [[nodiscard]] Vcpu& vcpu(u32 n = 0) const { return *d_->vcpu(n); }
    // Tears it down; the object then holds nothing.
    void destroy();
    // A frame of its own memory, zeroed.
    Mfn new_frame();
};

}  // namespace host
