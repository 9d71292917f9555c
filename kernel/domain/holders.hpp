// SPDX-License-Identifier: MIT
// Who refers to frames on behalf of a domain, page tables aside: its vcpus, its
// registered areas, the grants it uses, the frames it shares with us. Monitor
// and audit ask.
#pragma once

#include <string_view>

#include "kernel/domain/domain.hpp"

namespace domains {

struct Holder {
    PageInfo& page;
    PageType held_as;       // none: by a general reference alone
    std::string_view what;  // "vcpu", "grant"...
};

using HolderVisit = void (*)(Holder const&, void* context);
void for_each_holder(Domain& d, HolderVisit f, void* context);
// The same in two parts, the second in slices: grants that devices use, by the
// handles from `from` on; where the next slice begins, or no_more_handles.
inline constexpr u32 no_more_handles = ~u32{0};
void visit_own_holders(Domain& d, HolderVisit f, void* context);
u32 visit_device_grants(Domain& d, u32 from, u32 most, HolderVisit f, void* context);
template <class F>
void for_each_holder(Domain& d, F&& f) {
    for_each_holder(
        d, [](Holder const& h, void* c) { (*static_cast<std::remove_reference_t<F>*>(c))(h); }, &f);
}

}  // namespace domains
