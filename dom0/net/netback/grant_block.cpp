// SPDX-License-Identifier: MIT
#include "dom0/net/netback/grant_block.hpp"

#include "guest-pv/rt/grant/map.hpp"

namespace netback {

namespace {

class MappedBlock final : public GrantBlock {
  public:
    explicit MappedBlock(rt::GrantMapping mapping) : mapping_{std::move(mapping)} {}

    [[nodiscard]] std::byte* page(u32 index) const override { return mapping_.data() + index * page_size; }
    [[nodiscard]] Maddr machine(u32 index) const override { return mapping_.bus_address(index); }
    void drop(u32 index) override { mapping_.drop(index); }

  private:
    rt::GrantMapping mapping_;
};

}  // namespace

Result<std::shared_ptr<GrantBlock>> map_granted(DomId granter, std::span<GrantRef const> pages,
                                                bool writable) {
    auto const access = writable ? rt::Access::read_write : rt::Access::read_only;
    return std::make_shared<MappedBlock>(
        TRY(rt::GrantMapping::map(granter, pages, access, rt::GrantMapping::Users::processor_and_devices)));
}

}  // namespace netback
