// SPDX-License-Identifier: MIT
#include "guest-pv/apps/havoc/world.hpp"

#include <algorithm>
#include <cstring>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/memory/page_table.hpp"

namespace havoc {
namespace {

using namespace rt;

constexpr int canary_byte = 0xa5;

// Leaves no mapping of an own page, so that it may become anything.
Result<> unmap(void const* page) {
    TRY_VOID(hypercall::update_va_mapping(Vaddr{hypercall::address(page)}, 0, UVMF_INVLPG));
    return {};
}

}  // namespace

World& world() {
    static World self;
    return self;
}

Result<> World::take_pool() {
    for (auto& slot : pool) {
        auto page = TRY(Pages::allocate());
        slot = page.mfn().raw();
        TRY_VOID(unmap(page.release()));
    }
    return {};
}

Result<> World::take_window() {
    window = TRY(Window::reserve(window_pages));
    for (usize i = 0; i < window_pages; ++i)
        window_entries[i] = TRY(page_table::l1_entry(window.address(i)));
    return {};
}

Result<> World::take_grants() {
    std::array<xen_pfn_t, 4> frames{};
    gnttab_setup_table_t setup{};
    setup.dom = DOMID_SELF;
    setup.nr_frames = frames.size();
    set_xen_guest_handle(setup.frame_list, frames.data());
    TRY_VOID(hypercall::grant_table_op(GNTTABOP_setup_table, setup));
    std::array<Mfn, frames.size()> list;
    std::ranges::transform(frames, list.begin(), [](xen_pfn_t f) { return Mfn{f}; });
    grants = TRY(FrameMapping::map(list, hypercall::self, Access::read_write));
    return {};
}

Result<> World::make_twin() {
    root = mfn_of(reinterpret_cast<void const*>(rt::start_info().pt_base));
    auto page = TRY(Pages::allocate());
    twin = page.mfn();
    std::memcpy(page.data(), reinterpret_cast<void const*>(rt::start_info().pt_base), page_size);
    TRY_VOID(unmap(page.release()));
    mmuext_op_t pin{};
    pin.cmd = MMUEXT_PIN_L4_TABLE;
    pin.arg1.mfn = twin.raw();
    TRY_VOID(hypercall::mmuext_op({&pin, 1}));
    return {};
}

void World::note_needed() {
    for (u64 pfn = 0; pfn < rt::start_info().nr_pages; ++pfn)
        needed_.push_back(p2m(Pfn{pfn}).raw());
    needed_.push_back(rt::start_info().shared_info >> page_shift);  // has the clock
    std::erase_if(needed_, [this](u64 frame) {
        return std::ranges::any_of(pool, [frame](auto const& slot) { return slot == frame; });
    });
    std::ranges::sort(needed_);
}

bool World::needed(u64 frame) const {
    return std::ranges::binary_search(needed_, frame);
}

bool World::unharmed() const {
    return std::ranges::all_of(canary_.bytes(), [](std::byte b) { return b == std::byte{canary_byte}; });
}

Result<> World::build(u32 workers) {
    World& w = world();
    w.workers = workers;
    auto const last = hypercall::raw(__HYPERVISOR_memory_op, XENMEM_maximum_ram_page);
    w.last_frame = static_cast<u64>(last);
    w.canary_ = TRY(Pages::allocate(canary_pages));
    std::memset(w.canary_.data(), canary_byte, w.canary_.bytes().size());
    TRY_VOID(w.take_window());
    TRY_VOID(w.take_grants());
    TRY_VOID(w.take_pool());
    TRY_VOID(w.make_twin());
    w.note_needed();
    return {};
}

}  // namespace havoc
