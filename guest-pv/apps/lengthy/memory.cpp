// SPDX-License-Identifier: MIT
#include <vector>

#include "guest-pv/apps/lengthy/calls.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/pages.hpp"

namespace lengthy {
namespace {

using namespace rt;

constexpr usize many = 512;
constexpr unsigned largest_order = 6;  // for who drives no devices

xen_memory_reservation_t extents(std::vector<xen_pfn_t>& frames, unsigned order = 0) {
    xen_memory_reservation_t r{};
    set_xen_guest_handle(r.extent_start, frames.data());
    r.nr_extents = frames.size();
    r.extent_order = order;
    r.domid = DOMID_SELF;
    return r;
}

// Frames of this guest that are mapped nowhere.
std::vector<xen_pfn_t> loose_frames() {
    auto pages = Pages::allocate(many);
    std::vector<xen_pfn_t> frames;
    for (usize i = 0; pages && i < many; ++i) {
        frames.push_back(pages->mfn(i).raw());
        auto const at = Vaddr{hypercall::address(pages->data() + i * page_size)};
        if (!hypercall::update_va_mapping(at, 0, UVMF_INVLPG))
            return {};
    }
    pages->release();
    return frames;
}

// Of one page of this guest to another, as long as they are there.
std::vector<gnttab_copy_t> copies(Pages const& pages, usize count) {
    gnttab_copy_t copy{};
    copy.source.u.gmfn = pages.mfn(0).raw();
    copy.dest.u.gmfn = pages.mfn(1).raw();
    copy.source.domid = copy.dest.domid = DOMID_SELF;
    copy.len = page_size;
    return std::vector(count, copy);
}

}  // namespace

bool give_and_take() {
    auto frames = loose_frames();
    auto request = extents(frames);
    return !frames.empty() && hypercall::memory_op(XENMEM_decrease_reservation, request) == u64{many} &&
           hypercall::memory_op(XENMEM_increase_reservation, request) == u64{many};
}

bool exchange() {
    auto frames = loose_frames();
    if (frames.empty())
        return false;
    std::vector<xen_pfn_t> blocks(many >> largest_order);
    xen_memory_exchange_t x{};
    x.in = extents(frames);
    x.out = extents(blocks, largest_order);
    return hypercall::memory_op(XENMEM_exchange, x).has_value();
}

bool copy_pages() {
    auto pages = Pages::allocate(2);
    if (!pages)
        return false;
    auto list = copies(*pages, many);
    return hypercall::grant_table_op(GNTTABOP_copy, std::span{list}).has_value();
}

bool many_in_one() {
    constexpr usize just_short = 31;
    auto pages = Pages::allocate(2);
    if (!pages)
        return false;
    auto const list = copies(*pages, just_short);
    multicall_entry_t call{};
    call.op = __HYPERVISOR_grant_table_op;
    call.args[0] = GNTTABOP_copy;
    call.args[1] = hypercall::address(list.data());
    call.args[2] = list.size();
    std::vector<multicall_entry_t> calls(64, call);
    return hypercall::multicall(calls).has_value();
}

}  // namespace lengthy
