// SPDX-License-Identifier: MIT
#include "guest-pv/rt/memory/dma.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/memory/page_table.hpp"

namespace rt {

namespace {

bool is_contiguous(Pages const& pages) {
    for (usize page = 1; page < pages.count(); page++)
        if (pages.mfn(page) != pages.mfn() + page)
            return false;
    return true;
}

Result<> map_page(std::byte* at, u64 entry) {
    TRY_VOID(hypercall::update_va_mapping(Vaddr{reinterpret_cast<u64>(at)}, entry, UVMF_INVLPG));
    return {};
}

// The frames of `in` for one extent of 2^order frames, or for as many single
// ones; the hypervisor gives all or nothing.
bool trade(std::span<xen_pfn_t> in, unsigned order_in, std::span<xen_pfn_t> out, unsigned order_out) {
    xen_memory_exchange_t exchange{};
    exchange.in.nr_extents = in.size();
    exchange.in.extent_order = order_in;
    exchange.in.domid = DOMID_SELF;
    set_xen_guest_handle(exchange.in.extent_start, in.data());
    exchange.out.nr_extents = out.size();
    exchange.out.extent_order = order_out;
    exchange.out.domid = DOMID_SELF;
    set_xen_guest_handle(exchange.out.extent_start, out.data());
    auto const result = hypercall::memory_op(XENMEM_exchange, exchange);
    return result && exchange.nr_exchanged == in.size();
}

// Put consecutive frames behind pages that are consecutive already otherwise.
// A frame must be unmapped to be traded, and comes back if nothing is given.
Result<> make_contiguous(Pages const& pages) {
    auto const order = static_cast<unsigned>(std::bit_width(pages.count()) - 1);
    std::vector<xen_pfn_t> frames(pages.count());
    for (usize page = 0; page < frames.size(); page++) {
        frames[page] = pages.mfn(page).raw();
        TRY_VOID(map_page(pages.data() + page * page_size, 0));
    }
    // The hypervisor reads from `extent` at which page the frames will appear.
    xen_pfn_t extent = pfn_of(pages.data()).raw();
    bool const traded = trade(frames, 0, {&extent, 1}, order);
    for (usize page = 0; page < frames.size(); page++) {
        std::byte* const at = pages.data() + page * page_size;
        Mfn const frame{traded ? extent + page : frames[page]};
        set_p2m(pfn_of(at), frame);
        TRY_VOID(map_page(at, page_table::entry_for(frame, page_table::data)));
    }
    if (!traded)
        return Fail{Errno::nomem};
    return {};
}

}  // namespace

Result<DmaMemory> DmaMemory::allocate(usize bytes) {
    auto pages = TRY(Pages::allocate(std::bit_ceil(pages_for(bytes))));
    if (!is_contiguous(pages)) {
        TRY_VOID(make_contiguous(pages));
        std::ranges::fill(pages.bytes(), std::byte{});
    }
    return DmaMemory{std::move(pages)};
}

}  // namespace rt
