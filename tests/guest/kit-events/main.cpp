// SPDX-License-Identifier: MIT
// Event channels and grants of the kit, with this guest as its own peer.
#include <algorithm>
#include <vector>

#include "guest-pv/net/granted_page.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/grant/map.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/xenbus/device.hpp"
#include "tests/guest/verdict.hpp"

namespace {

constexpr DomId self{DOMID_SELF};

// A grant entry names its peer by number: the hypervisor, not the entry, knows
// what "self" is.
DomId own_number() {
    if (rt::is_initial_domain())
        return DomId{0};
    NEED(rt::xenbus::connection() != nullptr);
    auto const number = rt::xenbus::read_number(*rt::xenbus::connection(), "domid");
    NEED(number);
    return DomId{static_cast<u16>(*number)};
}

struct Pair {
    rt::EventChannel near;
    rt::EventChannel far;
};

Pair make_pair() {
    auto near = rt::EventChannel::alloc_unbound(self);
    NEED(near);
    auto far = rt::EventChannel::bind_interdomain(self, near->port());
    NEED(far);
    return {std::move(*near), std::move(*far)};
}

void an_event_wakes_who_waits_for_it() {
    auto [near, far] = make_pair();
    // Binding raises the binder's port once.
    CHECK(far.wait(rt::now() + rt::second));
    near.notify();
    CHECK(far.wait(rt::now() + rt::second));
    CHECK(!far.wait(rt::now() + 2 * rt::millisecond));
    far.notify();
    CHECK(near.wait(rt::now() + rt::second));
}

void an_event_that_came_while_masked_is_not_lost() {
    auto [near, far] = make_pair();
    CHECK(far.wait(rt::now() + rt::second));
    far.mask();
    near.notify();
    CHECK(!far.wait(rt::now() + 2 * rt::millisecond));
    far.unmask();
    CHECK(far.wait(rt::now() + rt::second));
}

void handlers_run_once_for_each_event() {
    auto [near, far] = make_pair();
    CHECK(far.wait(rt::now() + rt::second));
    int calls = 0;
    far.on_event([&] { calls++; });
    for (int event = 1; event <= 5; event++) {
        near.notify();
        CHECK(far.wait(rt::now() + rt::second));
        CHECK(calls == event);
    }
}

void a_granted_page_is_mapped_and_taken_back() {
    auto page = rt::Pages::allocate();
    NEED(page);
    *page->as<u64>() = 4711;
    auto grant = rt::Grant::allow(own_number(), page->mfn(), rt::Access::read_only);
    NEED(grant);
    {
        auto mapping = rt::GrantMapping::map(own_number(), grant->ref(), rt::Access::read_only);
        NEED(mapping);
        CHECK(*mapping->as<u64>() == 4711);
        CHECK(!grant->end());
        CHECK(!rt::GrantMapping::map(own_number(), grant->ref(), rt::Access::read_write));
    }
    CHECK(grant->end());
    CHECK(rt::grant_counts().leaked == 0);
}

// Whether one of so many that are granted from now on, on pages of their own, has this reference or address.
bool comes_again(GrantRef ref, std::byte const* address, unsigned count) {
    std::vector<net::GrantedPage> later;
    for (unsigned n = 0; n < count; ++n) {
        auto page = net::GrantedPage::make(own_number(), rt::Access::read_only);
        NEED(page);
        later.push_back(std::move(*page));
    }
    return std::ranges::any_of(later, [&](auto const& p) { return p.ref() == ref || p.data() == address; });
}

// NF-2: what the peer still maps is not used again, neither entry nor page; what it does not is used at once
void a_grant_in_use_at_its_end_is_given_up() {
    constexpr unsigned many = 600;  // more than a frame of entries
    for (bool const in_use : {false, true}) {
        u64 const leaked = rt::grant_counts().leaked;
        rt::GrantMapping mapping;
        GrantRef ref{};
        std::byte* address = nullptr;
        {
            auto page = net::GrantedPage::make(own_number(), rt::Access::read_only);
            NEED(page);
            ref = page->ref();
            address = page->data();
            auto mapped = rt::GrantMapping::map(own_number(), ref, rt::Access::read_only);
            NEED(mapped);
            if (in_use)
                mapping = std::move(*mapped);
        }
        CHECK(rt::grant_counts().leaked == leaked + (in_use ? 1 : 0));
        CHECK(comes_again(ref, address, many) == !in_use);
    }
}

void a_grant_can_be_copied_from() {
    auto source = rt::Pages::allocate();
    auto target = rt::Pages::allocate();
    NEED(source && target);
    source->as<u64>()[3] = 1234;
    auto grant = rt::Grant::allow(own_number(), source->mfn(), rt::Access::read_only);
    NEED(grant);
    gnttab_copy_t copy{};
    copy.source.u.ref = grant->ref().raw();
    copy.source.domid = own_number().raw();
    copy.dest.u.gmfn = target->mfn().raw();
    copy.dest.domid = DOMID_SELF;
    copy.len = 64;
    copy.flags = GNTCOPY_source_gref;
    CHECK(rt::grant_copy({&copy, 1}));
    CHECK(copy.status == GNTST_okay);
    CHECK(target->as<u64>()[3] == 1234);
    CHECK(grant->end());
}

void the_grant_table_grows() {
    auto page = rt::Pages::allocate();
    NEED(page);
    std::vector<rt::Grant> grants;
    for (int count = 0; count < 2000; count++) {
        auto grant = rt::Grant::allow(own_number(), page->mfn(), rt::Access::read_only);
        CHECK(grant);
        grants.push_back(std::move(*grant));
    }
    CHECK(rt::grant_counts().active == 2000);
    grants.clear();
    CHECK(rt::grant_counts().active == 0);
}

}  // namespace

int main() {
    an_event_wakes_who_waits_for_it();
    an_event_that_came_while_masked_is_not_lost();
    handlers_run_once_for_each_event();
    the_grant_table_grows();
    a_grant_can_be_copied_from();
    a_granted_page_is_mapped_and_taken_back();
    a_grant_in_use_at_its_end_is_given_up();
    return verdict::finish();
}
