// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "guest-pv/apps/lengthy/calls.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/grant/map.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"

namespace lengthy {
namespace {

using namespace rt;

constexpr usize mapped_at_once = 512;

// This guest itself, as a stranger would name it.
DomId own_id() {
    u16 id = 0;
    if (auto const text = xenbus::connection()->read("domid"))
        std::from_chars(text->data(), text->data() + text->size(), id);
    return DomId{id};
}

}  // namespace

bool set_tables() {
    constexpr usize pages_of_gdt = 14;
    constexpr u64 data_segment = 0x00cff3000000ffff;
    auto pages = Pages::allocate(pages_of_gdt);
    if (!pages)
        return false;
    std::vector<u64> frames;
    std::fill_n(pages->as<u64>(), pages->count() * page_size / sizeof(u64), data_segment);
    for (usize i = 0; i < pages_of_gdt; ++i) {
        frames.push_back(pages->mfn(i).raw());
        auto const at = Vaddr{hypercall::address(pages->data() + i * page_size)};
        if (!hypercall::update_va_mapping(at, 0, UVMF_INVLPG))
            return false;
    }
    pages->release();
    std::vector<trap_info_t> traps(256);
    for (usize i = 32; i < traps.size(); ++i)
        traps[i - 32] = {.vector = static_cast<u8>(i), .flags = 0, .cs = FLAT_KERNEL_CS, .address = 1};
    std::vector<u8> const ports(65536 / 8, u8{0xff});
    physdev_set_iobitmap_t map{};
    set_xen_guest_handle(map.bitmap, const_cast<u8*>(ports.data()));
    map.nr_ports = 65536;
    return hypercall::raw(__HYPERVISOR_set_gdt, hypercall::address(frames.data()), 512 * pages_of_gdt) == 0 &&
           hypercall::set_trap_table(traps.data()) && hypercall::physdev_op(PHYSDEVOP_set_iobitmap, map);
}

bool reset_channels() {
    evtchn_alloc_unbound_t unbound{.dom = DOMID_SELF, .remote_dom = DOMID_SELF, .port = 0};
    while (hypercall::event_channel_op(EVTCHNOP_alloc_unbound, unbound)) {
    }
    evtchn_reset_t all{.dom = DOMID_SELF};
    return hypercall::event_channel_op(EVTCHNOP_reset, all).has_value();
}

bool map_grants() {
    auto pages = Pages::allocate(mapped_at_once);
    DomId const self = own_id();
    std::vector<Grant> grants;
    std::vector<GrantRef> refs;
    for (usize i = 0; pages && i < mapped_at_once; ++i) {
        auto grant = Grant::allow(self, pages->mfn(i), Access::read_write);
        if (!grant)
            return false;
        refs.push_back(grant->ref());
        grants.push_back(std::move(*grant));
    }
    return GrantMapping::map(self, refs, Access::read_write).has_value();
}

bool write_text() {
    std::string const text(4096, 'x');
    return hypercall::console_io(CONSOLEIO_write, text).has_value();
}

}  // namespace lengthy
