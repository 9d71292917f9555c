// SPDX-License-Identifier: MIT
// HC-4: of each structure that comes back, filled with a sentinel before: what is
// no answer holds what it held, or zero, and so does what lies around it.
#include "tests/guest/hypercalls/outputs.hpp"

#include <array>
#include <cstddef>
#include <cstring>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/hypercalls/room.hpp"

namespace {

using namespace rt;

// Behind the end of a text nothing of another one is left.
template <class T>
void check_text(int what) {
    Room<T> room;
    CHECK(verdict::raw(hypercall::xen_version(what, &room.value())) >= 0);
    CHECK(room.clean_around());
    auto const* const text = reinterpret_cast<char const*>(&room.value());
    CHECK(room.clean_in({strnlen(text, sizeof(T)), sizeof(T)}));
}

void check_versions() {
    check_text<xen_extraversion_t>(XENVER_extraversion);
    check_text<xen_capabilities_info_t>(XENVER_capabilities);
    check_text<xen_changeset_info_t>(XENVER_changeset);
    check_text<xen_commandline_t>(XENVER_commandline);
    check_output<xen_platform_parameters_t>(
        "platform",
        [](auto& p) { return verdict::raw(hypercall::xen_version(XENVER_platform_parameters, &p)); }, {});
    check_output<xen_feature_info_t>("features",
                                     [](auto& f) {
                                         f.submap_idx = 0;
                                         return verdict::raw(hypercall::xen_version(XENVER_get_features, &f));
                                     },
                                     {});
}

void check_channels() {
    evtchn_alloc_unbound_t open{.dom = DOMID_SELF, .remote_dom = DOMID_SELF, .port = 0};
    CHECK_ANSWER(hypercall::event_channel_op(EVTCHNOP_alloc_unbound, open), 0);
    for (u32 const port : {open.port, 0u})
        check_output<evtchn_status_t>(
            "status of a port",
            [port](auto& s) {
                s.dom = DOMID_SELF;
                s.port = port;
                return verdict::raw(hypercall::event_channel_op(EVTCHNOP_status, s));
            },
            {{offsetof(evtchn_status_t, dom) + 2, offsetof(evtchn_status_t, port)},
             {offsetof(evtchn_status_t, u) + 8, sizeof(evtchn_status_t)}});
    evtchn_close_t close{.port = open.port};
    CHECK_ANSWER(hypercall::event_channel_op(EVTCHNOP_close, close), 0);
}

void check_vcpu() {
    check_output<vcpu_runstate_info_t>(
        "run state",
        [](auto& i) { return verdict::raw(hypercall::vcpu_op(VCPUOP_get_runstate_info, VcpuId{0}, i)); },
        {{offsetof(vcpu_runstate_info_t, state) + 4, offsetof(vcpu_runstate_info_t, state_entry_time)}});
}

void check_grants() {
    check_output<gnttab_query_size_t>(
        "size of the grant table",
        [](auto& q) {
            q.dom = DOMID_SELF;
            return verdict::raw(hypercall::grant_table_op(GNTTABOP_query_size, q));
        },
        {{offsetof(gnttab_query_size_t, dom) + 2, offsetof(gnttab_query_size_t, nr_frames)},
         {offsetof(gnttab_query_size_t, status) + 2, sizeof(gnttab_query_size_t)}});
    check_output<gnttab_get_version_t>(
        "version of the grant table",
        [](auto& v) {
            v.dom = DOMID_SELF;
            return verdict::raw(hypercall::grant_table_op(GNTTABOP_get_version, v));
        },
        {{offsetof(gnttab_get_version_t, dom) + 2, offsetof(gnttab_get_version_t, version)}});
    check_output<gnttab_map_grant_ref_t>(
        "a mapping that is refused",
        [](auto& m) {
            m.host_addr = 0;
            m.flags = GNTMAP_host_map;
            m.ref = ~0u;
            m.dom = DOMID_SELF;
            return verdict::raw(hypercall::grant_table_op(GNTTABOP_map_grant_ref, m));
        },
        {{offsetof(gnttab_map_grant_ref_t, handle), offsetof(gnttab_map_grant_ref_t, dev_bus_addr)}});
}

constexpr usize e820_entry = 20;
constexpr u32 most_entries = 64;
using MemoryMap = std::array<u8, most_entries * e820_entry>;

// Entries that there are none of stay as they were.
void check_memory() {
    check_output<xen_machphys_mapping_t>(
        "place of the machine-to-physical table",
        [](auto& m) { return verdict::raw(hypercall::memory_op(XENMEM_machphys_mapping, m)); }, {});
    Room<MemoryMap> room;
    xen_memory_map_t map{};
    map.nr_entries = most_entries;
    set_xen_guest_handle_raw(map.buffer, room.value().data());
    CHECK_ANSWER(
        hypercall::memory_op(is_initial_domain() ? XENMEM_machine_memory_map : XENMEM_memory_map, map), 0);
    CHECK(room.clean_around());
    CHECK(map.nr_entries <= most_entries && room.clean_in({map.nr_entries * e820_entry, sizeof(MemoryMap)}));
}

// How many were done, and nothing beside it.
void check_counts() {
    check_output<u32>("requests done",
                      [](u32& done) {
                          mmuext_op_t op{};
                          op.cmd = MMUEXT_TLB_FLUSH_LOCAL;
                          return verdict::raw(hypercall::mmuext_op({&op, 1}, hypercall::self, &done));
                      },
                      {});
}

}  // namespace

void check_outputs() {
    check_versions();
    check_channels();
    check_vcpu();
    check_grants();
    check_memory();
    check_counts();
}
