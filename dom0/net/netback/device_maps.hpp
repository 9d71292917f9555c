// SPDX-License-Identifier: MIT
// Pages of a guest that cards can reach for as long as they have to: granted,
// and mapped for devices alone. That needs no address of ours, no page-table
// entry and no flush, and a batch is one hypercall.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "dom0/net/netback/abi.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace netback {

// The seam behind which the hypercalls are. Each request to map carries its own
// status; an error means none was done. What is mapped can be unmapped.
struct DeviceCalls {
    Result<> (*map)(std::span<gnttab_map_grant_ref_t>) = nullptr;
    void (*unmap)(std::span<gnttab_unmap_grant_ref_t>) = nullptr;
};

class DeviceMaps {
  public:
    static constexpr u32 batch = 64;

    struct Page {
        Maddr at{};
        grant_handle_t handle = 0;
    };
    enum class Access : u8 { read_only, read_write };

    DeviceMaps(DomId guest, DeviceCalls calls) : guest_{guest}, calls_{calls} {}
    DeviceMaps(DeviceMaps const&) = delete;
    DeviceMaps& operator=(DeviceMaps const&) = delete;
    ~DeviceMaps() { flush(); }

    // At most `batch` of them; none where the guest grants no such page.
    void map(std::span<GrantRef const> refs, Access access, std::span<std::optional<Page>> into);

    // No device uses the page any more. The guest may still be kept from it
    // until flush().
    void unmap(Page page);
    void flush();

  private:
    DomId guest_;
    DeviceCalls calls_;
    std::array<gnttab_map_grant_ref_t, batch> maps_{};
    std::array<gnttab_unmap_grant_ref_t, batch> unmaps_{};
    u32 leaving_ = 0;  // of unmaps_
};

}  // namespace netback
