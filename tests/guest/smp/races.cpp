// SPDX-License-Identifier: MIT
#include "tests/guest/smp/races.hpp"

#include <array>
#include <atomic>

#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/smp/crew.hpp"
#include "tests/guest/verdict.hpp"

namespace races {
namespace {

using namespace rt;

constexpr u32 rounds = 60;
constexpr u32 most_vcpus = 8;
std::atomic<u32> unexplained{0};

void expect(bool held) {
    if (!held)
        unexplained.fetch_add(1);
}

// --- a grant entry that its owner rewrites -------------------------------------

constexpr u64 mark = 0x6d61726b;
std::array<Pages, 2> faces;  // of which the entry names one or the other
Grant grant;
Window table_window;  // where the grant table is seen
Window places;
Pages copied;

grant_entry_v1_t volatile& entry() {
    return reinterpret_cast<grant_entry_v1_t volatile*>(table_window.data())[grant.ref().raw()];
}

// Its first frame, which the kit has set up.
void show_grant_table() {
    xen_pfn_t frame = 0;
    gnttab_setup_table_t setup{};
    setup.dom = DOMID_SELF;
    setup.nr_frames = 1;
    set_xen_guest_handle(setup.frame_list, &frame);
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_setup_table, setup), 0);
    CHECK_ANSWER(
        hypercall::update_va_mapping(table_window.address(),
                                     page_table::entry_for(Mfn{frame}, page_table::data), UVMF_INVLPG),
        0);
}

void rewrite(u32 n) {
    entry().frame = static_cast<u32>(faces[n % 2].mfn().raw());
    entry().flags = static_cast<u16>(n % 3 == 0 ? GTF_invalid : GTF_permit_access);
    entry().domid = static_cast<domid_t>(n % 5 == 0 ? 99 : 0);
    entry().flags = GTF_permit_access;
    entry().domid = 0;
}

void map_once(u32 me) {
    gnttab_map_grant_ref_t map{};
    map.host_addr = places.address(me).raw();
    map.flags = GNTMAP_host_map;
    map.ref = grant.ref().raw();
    expect(hypercall::grant_table_op(GNTTABOP_map_grant_ref, map).has_value() && map.status <= 0);
    if (map.status != GNTST_okay)
        return;
    // One of the two, and the same for as long as it is mapped.
    auto const* const seen = reinterpret_cast<u64 volatile*>(places.data() + me * page_size);
    u64 const first = *seen;
    expect(first == mark || first == mark + 1);
    crew::pause();
    expect(*seen == first);
    gnttab_unmap_grant_ref_t unmap{};
    unmap.host_addr = map.host_addr;
    unmap.handle = map.handle;
    expect(hypercall::grant_table_op(GNTTABOP_unmap_grant_ref, unmap).has_value() &&
           unmap.status == GNTST_okay);
}

void copy_once(u32 me) {
    gnttab_copy_t copy{};
    copy.source.u.ref = grant.ref().raw();
    copy.dest.u.gmfn = copied.mfn(me).raw();
    copy.dest.domid = DOMID_SELF;
    copy.len = sizeof mark;
    copy.flags = GNTCOPY_source_gref;
    expect(hypercall::grant_table_op(GNTTABOP_copy, copy).has_value() && copy.status <= 0);
    u64 const got = copied.as<u64>()[me * page_size / sizeof(u64)];
    expect(copy.status != GNTST_okay || got == mark || got == mark + 1);
}

// --- a channel that goes away ---------------------------------------------------

std::atomic<u32> far_port{0};

bool one_of(s64 answer, std::initializer_list<Errno> refusals) {
    for (Errno const e : refusals)
        if (answer == verdict::raw(e))
            return true;
    return answer == 0;
}

void open_and_close() {
    evtchn_alloc_unbound_t open{.dom = DOMID_SELF, .remote_dom = DOMID_SELF, .port = 0};
    expect(hypercall::event_channel_op(EVTCHNOP_alloc_unbound, open).has_value());
    far_port.store(open.port);
    crew::pause();
    evtchn_close_t close{.port = open.port};
    expect(hypercall::event_channel_op(EVTCHNOP_close, close).has_value());
}

void bind_send_close() {
    evtchn_bind_interdomain_t bind{};
    bind.remote_dom = DOMID_SELF;
    bind.remote_port = far_port.load();
    s64 const bound = verdict::raw(hypercall::event_channel_op(EVTCHNOP_bind_interdomain, bind));
    expect(one_of(bound, {Errno::inval}));
    if (bound != 0)
        return;
    expect(bind.local_port != bind.remote_port);
    evtchn_send_t send{.port = bind.local_port};
    expect(one_of(verdict::raw(hypercall::event_channel_op(EVTCHNOP_send, send)), {Errno::inval}));
    evtchn_close_t close{.port = bind.local_port};
    expect(hypercall::event_channel_op(EVTCHNOP_close, close).has_value());
}

// --- a page that is a table, or is written to -------------------------------------

Pages page;
Window writer;
std::atomic<bool> written{false};

bool pin(unsigned command) {
    mmuext_op_t op{};
    op.cmd = command;
    op.arg1.mfn = page.mfn().raw();
    return hypercall::mmuext_op({&op, 1}).has_value();
}

// Nobody can write to what is a table: who could is gone, with what its CPU remembered.
void be_a_table() {
    if (!pin(MMUEXT_PIN_L1_TABLE))
        return;
    expect(!written.load());
    u64 const before = *page.as<u64 volatile>();
    crew::pause();
    expect(*page.as<u64 volatile>() == before);
    expect(pin(MMUEXT_UNPIN_TABLE));
}

void write_once() {
    u64 const there = page_table::entry_for(page.mfn(), page_table::data);
    if (!hypercall::update_va_mapping(writer.address(), there, UVMF_NONE).has_value())
        return;
    written.store(true);
    auto& word = *reinterpret_cast<u64 volatile*>(writer.data());
    word = 1u << 9;  // an entry that is not present
    word = 0;
    written.store(false);
    // Without a flush: it is the hypervisor's to know that one is due.
    expect(hypercall::update_va_mapping(writer.address(), 0, UVMF_NONE).has_value());
}

s64 set_page(u64 flags) {
    return verdict::raw(hypercall::update_va_mapping(Vaddr{reinterpret_cast<u64>(page.data())},
                                                     page_table::entry_for(page.mfn(), flags),
                                                     UVMF_INVLPG | UVMF_ALL));
}

}  // namespace

void prepare() {
    for (u32 n : {0u, 1u}) {
        faces[n] = std::move(*Pages::allocate());
        *faces[n].as<u64>() = mark + n;
    }
    grant = std::move(*Grant::allow(DomId{0}, faces[0].mfn(), Access::read_write));
    table_window = std::move(*Window::reserve(1));
    show_grant_table();
    places = std::move(*Window::reserve(most_vcpus));
    copied = std::move(*Pages::allocate(most_vcpus));
    page = std::move(*Pages::allocate());
    writer = std::move(*Window::reserve(1));
    CHECK_ANSWER(set_page(page_table::read_only_data), 0);
}

// GT-02 GT-03 GT-10: what a mapping or a copy reaches is what the entry named when it was made
void change_grant_in_use(u32 me) {
    for (u32 i = 0; i < rounds; ++i) {
        if (me == 0)
            rewrite(i);
        else if (me % 2 != 0)
            map_once(me);
        else
            copy_once(me);
    }
}

// EV-2 EV-3: binding, sending and closing at once
void close_channel_in_use(u32 me) {
    for (u32 i = 0; i < rounds; ++i) {
        if (me == 0)
            open_and_close();
        else
            bind_send_close();
    }
}

// PT-01 PT-10: of a page that turns into a table and back
void write_to_table(u32 me) {
    for (u32 i = 0; i < rounds; ++i) {
        if (me == 0)
            be_a_table();
        else if (me == 1)
            write_once();
        else
            crew::pause();
    }
}

u32 wrong() {
    return unexplained.load();
}

void finish() {
    CHECK_ANSWER(set_page(page_table::data), 0);
    page_table::clear(table_window.address(), 1);
    CHECK(grant.end());
}

}  // namespace races
