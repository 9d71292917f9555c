// SPDX-License-Identifier: MIT
// The receiving side of grants: mapping what another domain granted, and
// copying without mapping.
#pragma once

#include <vector>

#include "guest-pv/rt/memory/mapping.hpp"

namespace rt {

// Owns a mapping of granted pages at consecutive addresses: all or none.
class GrantMapping {
  public:
    enum class Users { processor, processor_and_devices };

    static Result<GrantMapping> map(DomId granter, std::span<GrantRef const> refs, Access access,
                                    Users users = Users::processor);
    static Result<GrantMapping> map(DomId granter, GrantRef ref, Access access) {
        return map(granter, std::span<GrantRef const>{&ref, 1}, access);
    }

    GrantMapping() = default;
    GrantMapping(GrantMapping&&) noexcept = default;
    GrantMapping& operator=(GrantMapping&& other) noexcept;
    ~GrantMapping();

    [[nodiscard]] explicit operator bool() const { return !pages_.empty(); }
    [[nodiscard]] std::byte* data() const { return window_.data(); }
    [[nodiscard]] std::span<std::byte> bytes() const { return {data(), window_.pages() * page_size}; }
    // For devices, of a mapping that is theirs, too.
    [[nodiscard]] Maddr bus_address(usize page) const { return pages_[page].bus; }
    // Unmap one page before the others, once.
    void drop(usize page);
    template <class T>
    [[nodiscard]] T* as() const {
        return reinterpret_cast<T*>(data());
    }

  private:
    struct Page {
        grant_handle_t handle;
        Maddr bus;  // zero: not for devices
    };

    GrantMapping(Window window, std::vector<Page> pages)
        : window_{std::move(window)}, pages_{std::move(pages)} {}
    [[nodiscard]] gnttab_unmap_grant_ref_t unmap_request(usize page) const;
    void unmap();

    Window window_;
    std::vector<Page> pages_;
};

// Status of each element is in the element; only a call that as a whole made
// no sense fails.
Result<> grant_copy(std::span<gnttab_copy_t> copies);

// The same for mappings that only devices use.
Result<> map_for_devices(std::span<gnttab_map_grant_ref_t> maps);
void unmap_for_devices(std::span<gnttab_unmap_grant_ref_t> unmaps);

}  // namespace rt
