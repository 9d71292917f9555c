// SPDX-License-Identifier: MIT
#include "guest-pv/rt/grant/map.hpp"

#include <utility>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/power.hpp"

namespace rt {

namespace {

// Stands for a page of the window into which nothing was mapped.
constexpr grant_handle_t no_handle = ~grant_handle_t{0};

Errno errno_of(s16 status) {
    switch (status) {
        case GNTST_bad_domain:
            return Errno::srch;
        case GNTST_bad_gntref:
        case GNTST_bad_page:
            return Errno::inval;
        case GNTST_permission_denied:
            return Errno::access;
        case GNTST_no_space:
            return Errno::nospc;
        case GNTST_eagain:
            return Errno::again;
        default:
            return Errno::io;
    }
}

void unmap_all(std::span<gnttab_unmap_grant_ref_t> requests) {
    if (!hypercall::grant_table_op(GNTTABOP_unmap_grant_ref, requests))
        panic("granted pages cannot be unmapped");
    for (auto const& request : requests)
        if (request.status != GNTST_okay)
            panic("a granted page cannot be unmapped");
}

}  // namespace

Result<GrantMapping> GrantMapping::map(DomId granter, std::span<GrantRef const> refs, Access access,
                                       Users users) {
    GrantMapping mapping{TRY(Window::reserve(refs.size())), {}};
    std::vector<gnttab_map_grant_ref_t> requests(refs.size());
    for (usize page = 0; page < refs.size(); page++) {
        auto& request = requests[page];
        request.host_addr = mapping.window_.address(page).raw();
        request.flags = GNTMAP_host_map | (access == Access::read_only ? GNTMAP_readonly : 0) |
                        (users == Users::processor_and_devices ? GNTMAP_device_map : 0);
        request.ref = refs[page].raw();
        request.dom = granter.raw();
    }
    TRY_VOID(hypercall::grant_table_op(GNTTABOP_map_grant_ref, std::span{requests}));
    for (auto const& request : requests)
        mapping.pages_.push_back({request.status == GNTST_okay ? request.handle : no_handle,
                                  Maddr{users == Users::processor ? 0 : request.dev_bus_addr}});
    // What was mapped all the same is unmapped with `mapping`.
    for (auto const& request : requests)
        if (request.status != GNTST_okay)
            return Fail{errno_of(request.status)};
    return mapping;
}

GrantMapping& GrantMapping::operator=(GrantMapping&& other) noexcept {
    unmap();
    window_ = std::exchange(other.window_, {});
    pages_ = std::exchange(other.pages_, {});
    return *this;
}

GrantMapping::~GrantMapping() {
    unmap();
}

gnttab_unmap_grant_ref_t GrantMapping::unmap_request(usize page) const {
    return {.host_addr = window_.address(page).raw(),
            .dev_bus_addr = pages_[page].bus.raw(),
            .handle = pages_[page].handle,
            .status = 0};
}

void GrantMapping::drop(usize page) {
    auto request = unmap_request(page);
    pages_[page].handle = no_handle;
    unmap_all({&request, 1});
}

void GrantMapping::unmap() {
    std::vector<gnttab_unmap_grant_ref_t> requests;
    for (usize page = 0; page < pages_.size(); page++)
        if (pages_[page].handle != no_handle)
            requests.push_back(unmap_request(page));
    pages_.clear();
    if (!requests.empty())
        unmap_all(requests);
}

Result<> grant_copy(std::span<gnttab_copy_t> copies) {
    TRY_VOID(hypercall::grant_table_op(GNTTABOP_copy, copies));
    return {};
}

Result<> map_for_devices(std::span<gnttab_map_grant_ref_t> maps) {
    TRY_VOID(hypercall::grant_table_op(GNTTABOP_map_grant_ref, maps));
    return {};
}

void unmap_for_devices(std::span<gnttab_unmap_grant_ref_t> unmaps) {
    unmap_all(unmaps);
}

}  // namespace rt
