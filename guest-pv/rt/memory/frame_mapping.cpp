// SPDX-License-Identifier: MIT
#include <utility>
#include <vector>

#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/page_table.hpp"

namespace rt {

namespace {

u64 flags_for(Access access, Caching caching) {
    u64 const flags = access == Access::read_write ? page_table::data : page_table::read_only_data;
    return caching == Caching::write_back ? flags
                                          : flags | page_table::cache_disable | page_table::write_through;
}

Result<> write_entries(Window const& window, std::span<Mfn const> frames, DomId owner, u64 flags) {
    page_table::Writer writer{owner};
    for (usize page = 0; page < frames.size(); page++) {
        Maddr const entry = TRY(page_table::l1_entry(window.address(page)));
        TRY_VOID(writer.write(entry, page_table::entry_for(frames[page], flags)));
    }
    return writer.flush();
}

}  // namespace

Result<FrameMapping> FrameMapping::map(std::span<Mfn const> frames, DomId owner, Access access,
                                       Caching caching) {
    FrameMapping mapping{TRY(Window::reserve(frames.size())), 0};
    // When this fails half-way, the mapping's end empties the first half.
    TRY_VOID(write_entries(mapping.window_, frames, owner, flags_for(access, caching)));
    return mapping;
}

Result<FrameMapping> FrameMapping::map_device(Maddr first, usize bytes) {
    std::vector<Mfn> frames(pages_for(offset_in_page(first) + bytes));
    for (usize page = 0; page < frames.size(); page++)
        frames[page] = mfn_of(first) + page;
    auto mapping = TRY(map(frames, DomId{DOMID_IO}, Access::read_write, Caching::uncached));
    mapping.offset_ = offset_in_page(first);
    return mapping;
}

FrameMapping& FrameMapping::operator=(FrameMapping&& other) noexcept {
    unmap();
    window_ = std::exchange(other.window_, {});
    offset_ = std::exchange(other.offset_, 0);
    return *this;
}

FrameMapping::~FrameMapping() {
    unmap();
}

void FrameMapping::unmap() {
    if (window_.pages() > 0)
        page_table::clear(window_.address(), window_.pages());
}

}  // namespace rt
