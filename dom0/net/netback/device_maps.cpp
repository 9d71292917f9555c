// SPDX-License-Identifier: MIT
#include "dom0/net/netback/device_maps.hpp"

#include <utility>

namespace netback {

void DeviceMaps::map(std::span<GrantRef const> refs, Access access, std::span<std::optional<Page>> into) {
    if (refs.empty())
        return;
    auto const requests = std::span{maps_}.first(refs.size());
    u32 const rights = access == Access::read_only ? GNTMAP_readonly : 0;
    for (usize i = 0; i < refs.size(); ++i) {
        requests[i].flags = GNTMAP_device_map | rights;
        requests[i].ref = refs[i].raw();
        requests[i].dom = guest_.raw();
    }
    bool const done = calls_.map(requests).has_value();
    for (usize i = 0; i < refs.size(); ++i) {
        into[i].reset();
        if (done && requests[i].status == GNTST_okay)
            into[i] = Page{Maddr{requests[i].dev_bus_addr}, requests[i].handle};
    }
}

void DeviceMaps::unmap(Page page) {
    if (leaving_ == batch)
        flush();
    unmaps_[leaving_].dev_bus_addr = page.at.raw();
    unmaps_[leaving_].handle = page.handle;
    ++leaving_;
}

void DeviceMaps::flush() {
    if (leaving_ != 0)
        calls_.unmap(std::span{unmaps_}.first(std::exchange(leaving_, 0)));
}

}  // namespace netback
