// SPDX-License-Identifier: MIT
// GT-08: a guest that maps until there are no more handles is refused each further
// one, and neither it nor who grants to it loses anything by that
#include <array>
#include <span>
#include <vector>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"
#include "guest-pv/rt/xenbus/device.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

// With the four frames of handles that the test gives to its guests, no hypervisor gets so far.
constexpr usize most = 16384, uses_of_one = 100, batch = 64;

Pages page;
std::vector<Grant> grants;
struct Mapping {
    grant_handle_t handle;
    u64 bus_address;
};
std::vector<Mapping> mappings;
DomId me;

DomId own_number() {
    if (is_initial_domain())
        return DomId{0};
    auto* const store = xenbus::connection();
    return DomId{static_cast<u16>(store ? xenbus::read_number(*store, "domid").value_or(0) : 0)};
}

gnttab_map_grant_ref_t request(usize n) {
    gnttab_map_grant_ref_t map{};
    map.flags = GNTMAP_device_map;  // without an entry in a page table
    map.ref = grants[n / uses_of_one % grants.size()].ref().raw();
    map.dom = me.raw();
    return map;
}

// False when a mapping was refused; those before it were made.
bool map_some(s16& refusal) {
    std::array<gnttab_map_grant_ref_t, batch> maps;
    for (usize n = 0; n < batch; ++n)
        maps[n] = request(mappings.size() + n);
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_map_grant_ref, std::span<gnttab_map_grant_ref_t>{maps}),
                 0);
    bool all = true;
    for (auto const& map : maps)
        if (map.status == GNTST_okay) {
            CHECK(all);
            mappings.push_back({map.handle, map.dev_bus_addr});
        } else {
            all = false;
            refusal = map.status;
        }
    return all;
}

bool unmap(Mapping const& mapping) {
    gnttab_unmap_grant_ref_t one{};
    one.handle = mapping.handle;
    one.dev_bus_addr = mapping.bus_address;
    return hypercall::grant_table_op(GNTTABOP_unmap_grant_ref, one).has_value() && one.status == GNTST_okay;
}

usize map_all() {
    s16 refusal = GNTST_okay;
    while (mappings.size() < most && map_some(refusal)) {
    }
    CHECK(mappings.size() < most);
    CHECK_ANSWER(refusal, GNTST_no_space);
    return mappings.size();
}

usize unmap_all() {
    usize failed = 0;
    for (Mapping const& mapping : mappings)
        failed += unmap(mapping) ? 0 : 1;
    mappings.clear();
    return failed;
}

void check_refusals() {
    for (int i = 0; i < 100; ++i) {
        auto map = request(mappings.size());
        CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_map_grant_ref, map), 0);
        CHECK_ANSWER(map.status, GNTST_no_space);
    }
}

// What needs no handle is done; one that is given back is there for the next.
void check_what_goes_on() {
    auto const target = Pages::allocate();
    NEED(target);
    page.as<u64>()[0] = 4711;
    gnttab_copy_t copy{};
    copy.source.u.ref = grants[0].ref().raw();
    copy.source.domid = DOMID_SELF;
    copy.dest.u.gmfn = target->mfn().raw();
    copy.dest.domid = DOMID_SELF;
    copy.len = sizeof(u64);
    copy.flags = GNTCOPY_source_gref;
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_copy, copy), 0);
    CHECK_ANSWER(copy.status, GNTST_okay);
    CHECK(target->as<u64>()[0] == 4711);

    CHECK(unmap(mappings.back()));
    CHECK(!unmap(mappings.back()));
    mappings.pop_back();
    auto map = request(mappings.size());
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_map_grant_ref, map), 0);
    CHECK_ANSWER(map.status, GNTST_okay);
    mappings.push_back({map.handle, map.dev_bus_addr});
    check_refusals();
}

}  // namespace

int main() {
    page = std::move(*Pages::allocate());
    me = own_number();
    for (usize n = 0; n < most / uses_of_one; ++n)
        grants.push_back(std::move(*Grant::allow(me, page.mfn(), Access::read_write)));
    usize const all = map_all();
    check_refusals();
    check_what_goes_on();
    CHECK(unmap_all() == 0);
    CHECK(map_all() == all);
    CHECK(unmap_all() == 0);
    for (Grant& grant : grants)
        CHECK(grant.end());
    std::printf("%zu handles\n", all);
    return verdict::finish();
}
