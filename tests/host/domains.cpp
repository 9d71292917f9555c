// SPDX-License-Identifier: MIT
#include "tests/host/domains.hpp"

#include <cstdlib>

#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/memory.hpp"

namespace host {

TestDomain::TestDomain(u16 id, Privileges priv, u32 vcpus) {
    power_on();
    auto made = domains::create(DomId{id}, priv, vcpus, 4, 4);
    if (!made)
        std::abort();
    d_ = std::move(*made);
    d_->memory.max_pages = 256;
    static_cast<void>(domains::unpause(*d_));
}

TestDomain::~TestDomain() {
    if (d_)
        destroy();
}

void TestDomain::destroy() {
    auto done = domains::destroy(*d_);
    while (!done && done.error() == Errno::restart)
        done = domains::destroy(*d_);
    if (!done)
        std::abort();
    d_ = {};
    domains::reap();
}

Mfn TestDomain::new_frame() {
    return *mm::alloc_domain_frames(d_->memory, 0);
}

}  // namespace host
