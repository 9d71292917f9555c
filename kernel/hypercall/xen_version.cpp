// SPDX-License-Identifier: MIT
// What this hypervisor is and can do. Unprivileged domains see everything but
// the command line.
#include <algorithm>
#include <array>
#include <string_view>

#include "kernel/hypercall/handlers.hpp"
#include "kernel/base/version.hpp"
#include "kernel/machine/memory.hpp"

namespace hypercall {
namespace {

// A NUL-terminated text in a buffer of N bytes, zeroes behind it (HC-4).
template <usize N>
std::array<char, N> text_of(std::string_view s) {
    std::array<char, N> out{};
    std::copy_n(s.begin(), std::min(s.size(), N - 1), out.begin());
    return out;
}

template <usize N>
Answer give_text(GuestPtr<u8> arg, std::string_view s) {
    TRY_VOID((arg.as<std::array<char, N>>().store(text_of<N>(s))));
    return 0;
}

void fill(std::span<char> field, std::string_view s) {
    std::copy_n(s.begin(), std::min(s.size(), field.size() - 1), field.begin());
}

Answer compile_info(GuestPtr<u8> arg) {
    xen_compile_info_t info{};
    fill(info.compiler, __VERSION__);
    fill(info.compile_by, "granite");
    fill(info.compile_domain, "localhost");
    fill(info.compile_date, version::build_date);
    TRY_VOID(arg.as<xen_compile_info_t>().store(info));
    return 0;
}

constexpr u32 feature(unsigned bit) {
    return u32{1} << bit;
}

u32 features_of(Domain const& d) {
    u32 map = feature(XENFEAT_mmu_pt_update_preserve_ad) | feature(XENFEAT_highmem_assist) |
              feature(XENFEAT_gnttab_map_avail_bits) | feature(XENFEAT_memory_op_vnode_supported) |
              feature(XENFEAT_direct_mapped);
    if ((d.vm_assist & (u32{1} << VMASST_TYPE_pae_extended_cr3)) != 0)
        map |= feature(XENFEAT_pae_pgdir_above_4gb);
    if (d.id == DomId{0})
        map |= feature(XENFEAT_dom0);
    return map;
}

Answer get_features(Domain const& d, GuestPtr<u8> arg) {
    auto const where = arg.as<xen_feature_info_t>();
    auto info = TRY(where.fetch());
    if (info.submap_idx >= XENFEAT_NR_SUBMAPS)
        return Fail{Errno::inval};
    info.submap = features_of(d);
    TRY_VOID(where.store(info));
    return 0;
}

Answer guest_handle(Domain const& d, GuestPtr<u8> arg) {
    TRY_VOID((arg.as<std::array<u8, 16>>().store(d.handle)));
    return 0;
}

[[gnu::noinline]] Answer tell_more(Domain const& d, u32 cmd, GuestPtr<u8> arg) {
    switch (cmd) {
        case XENVER_extraversion:
            return give_text<XEN_EXTRAVERSION_LEN>(arg, version::extra);
        case XENVER_compile_info:
            return compile_info(arg);
        case XENVER_capabilities:
            return give_text<XEN_CAPABILITIES_INFO_LEN>(arg, "xen-3.0-x86_64 ");
        case XENVER_changeset:
            return give_text<XEN_CHANGESET_INFO_LEN>(arg, version::build_id());
        case XENVER_platform_parameters:
            TRY_VOID(arg.as<xen_platform_parameters_t>().store({machine::hypervisor_start}));
            return 0;
        case XENVER_get_features:
            return get_features(d, arg);
        case XENVER_pagesize:
            return static_cast<s64>(page_size);
        case XENVER_guest_handle:
            return guest_handle(d, arg);
        case XENVER_commandline:
            return give_text<sizeof(xen_commandline_t)>(
                arg, d.priv.control ? version::command_line() : "<denied>");
        case XENVER_build_id:
            return Fail{Errno::nodata};
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace

// The version alone is what guests ask for when they want nothing but to have
// been here, so that they get their events.
Answer xen_version(Vcpu& v, u32 cmd, GuestPtr<u8> arg) {
    if (cmd == XENVER_version) [[likely]]
        return s64{version::abi_major} << 16 | version::abi_minor;
    return tell_more(v.domain, cmd, arg);
}

}  // namespace hypercall
