// SPDX-License-Identifier: MIT
// Several vcpus do the same things at once: what one of them may do, all may do
// together, and every answer is one that some order of theirs explains. Boot it
// with several CPUs to have them run at the same time.
#include <array>
#include <atomic>

#include "guest-pv/rt/event/bits.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/smp/crew.hpp"
#include "tests/guest/smp/races.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

constexpr u32 rounds = 40;
constexpr u32 most_vcpus = 8;
u32 vcpus = 0;
std::atomic<u32> wrong{0};  // answers that no order explains

void expect(bool held) {
    if (!held)
        wrong.fetch_add(1);
}

// --- the last vcpu is set up by all others at once ---------------------------

std::atomic<u32> set_up{0};

void set_up_last(u32) {
    s64 const answer = crew::initialise(vcpus - 1);
    expect(answer == 0 || answer == verdict::raw(Errno::exist));
    if (answer == 0)
        set_up.fetch_add(1);
}

// --- events: a token goes round ----------------------------------------------

std::array<u32, most_vcpus> ports{};
std::atomic<u32> hops{0};

bool take_event(u32 port) {
    u64 const bit = u64{1} << port % 64;
    return (fetch_and_word(rt::shared_info().evtchn_pending[port / 64], ~bit) & bit) != 0;
}

void wait_for(u32 port) {
    evtchn_port_t p = port;
    sched_poll_t poll{};
    set_xen_guest_handle(poll.ports, &p);
    poll.nr_ports = 1;
    while (!take_event(port))
        expect(hypercall::sched_op(SCHEDOP_poll, poll).has_value());
}

void pass_on(u32 from) {
    evtchn_send_t send{.port = ports[(from + 1) % vcpus]};
    expect(hypercall::event_channel_op(EVTCHNOP_send, send).has_value());
}

void send_round(u32 me) {
    if (me == 0)
        pass_on(me);
    for (u32 i = 0; i < rounds; ++i) {
        wait_for(ports[me]);
        hops.fetch_add(1);
        if (me != 0 || i + 1 != rounds)
            pass_on(me);
    }
}

void make_ports() {
    for (u32 v = 0; v < vcpus; ++v) {
        evtchn_bind_ipi_t bind{.vcpu = v, .port = 0};
        CHECK_ANSWER(hypercall::event_channel_op(EVTCHNOP_bind_ipi, bind), 0);
        ports[v] = bind.port;
        mask_port(EvtchnPort{bind.port});
    }
}

// --- translations: what is mapped anew is seen everywhere ----------------------

Window watched;
std::array<Pages, 2> faces;
std::atomic<u32> change{0};  // odd: going on
std::atomic<bool> over{false};

void show(u32 n) {
    change.fetch_add(1);
    u64 const entry = page_table::entry_for(faces[n % 2].mfn(), page_table::data);
    expect(hypercall::update_va_mapping(watched.address(), entry, UVMF_INVLPG | UVMF_ALL).has_value());
    change.fetch_add(1);
}

void look() {
    u32 const before = change.load();
    u64 const seen = *reinterpret_cast<u64 volatile*>(watched.data());
    if (before % 2 == 0 && change.load() == before)
        expect(seen == *faces[(before / 2 + 1) % 2].as<u64>());
}

void change_and_look(u32 me) {
    if (me != 0) {
        while (!over.load())
            look();
        return;
    }
    for (u32 n = 1; n < rounds; ++n) {
        show(n);
        crew::pause();
    }
    over.store(true);
}

// --- page types: one pin, wherever it comes from --------------------------------

Pages table;
std::atomic<s32> pins{0};

bool pin(unsigned cmd) {
    mmuext_op_t op{};
    op.cmd = cmd;
    op.arg1.mfn = table.mfn().raw();
    return hypercall::mmuext_op(std::span{&op, 1}).has_value();
}

void pin_and_unpin(u32) {
    for (u32 i = 0; i < rounds; ++i) {
        if (pin(MMUEXT_PIN_L1_TABLE))
            pins.fetch_add(1);
        if (pin(MMUEXT_UNPIN_TABLE))
            pins.fetch_sub(1);
    }
}

s64 set_table_writable(bool on) {
    u64 const flags = on ? page_table::data : page_table::read_only_data;
    Vaddr const at{reinterpret_cast<u64>(table.data())};
    return verdict::raw(
        hypercall::update_va_mapping(at, page_table::entry_for(table.mfn(), flags), UVMF_INVLPG | UVMF_ALL));
}

// --- grants: each maps the same page at its own place ----------------------------

Window places;
Pages lent;
Grant grant;

void map_and_unmap(u32 me) {
    for (u32 i = 0; i < rounds; ++i) {
        gnttab_map_grant_ref_t map{};
        map.host_addr = places.address(me).raw();
        map.flags = GNTMAP_host_map;
        map.ref = grant.ref().raw();
        expect(hypercall::grant_table_op(GNTTABOP_map_grant_ref, map).has_value() &&
               map.status == GNTST_okay);
        std::atomic_ref{reinterpret_cast<u64*>(places.data() + me * page_size)[me]}.fetch_add(1);
        gnttab_unmap_grant_ref_t unmap{};
        unmap.host_addr = map.host_addr;
        unmap.handle = map.handle;
        expect(hypercall::grant_table_op(GNTTABOP_unmap_grant_ref, unmap).has_value() &&
               unmap.status == GNTST_okay);
    }
}

// --- ports: nobody gets one that another one has ----------------------------------

std::array<std::atomic<bool>, EVTCHN_2L_NR_CHANNELS> taken{};

void open_and_close(u32) {
    for (u32 i = 0; i < rounds; ++i) {
        evtchn_alloc_unbound_t open{.dom = DOMID_SELF, .remote_dom = 0, .port = 0};
        expect(hypercall::event_channel_op(EVTCHNOP_alloc_unbound, open).has_value());
        expect(!taken[open.port].exchange(true));
        taken[open.port].store(false);
        evtchn_close_t close{.port = open.port};
        expect(hypercall::event_channel_op(EVTCHNOP_close, close).has_value());
    }
}

// ------------------------------------------------------------------------------

void work(u32 me) {
    if (me != vcpus - 1)
        set_up_last(me);
    if (me == 0) {
        while (set_up.load() == 0)
            crew::pause();
        crew::start(vcpus - 1, work);
    }
    for (auto* const part :
         {send_round, change_and_look, pin_and_unpin, map_and_unmap, open_and_close,
          races::change_grant_in_use, races::close_channel_in_use, races::write_to_table}) {
        crew::meet();
        part(me);
    }
    crew::meet();
}

void prepare() {
    make_ports();
    watched = std::move(*Window::reserve(1));
    for (u32 n : {0u, 1u}) {
        faces[n] = std::move(*Pages::allocate());
        *faces[n].as<u64>() = 1000 + n;
    }
    show(0);
    table = std::move(*Pages::allocate());
    CHECK_ANSWER(set_table_writable(false), 0);
    places = std::move(*Window::reserve(vcpus));
    lent = std::move(*Pages::allocate());
    races::prepare();
    grant = std::move(*Grant::allow(DomId{0}, lent.mfn(), Access::read_write));
}

void check_results() {
    CHECK(wrong == 0);
    CHECK(races::wrong() == 0);
    races::finish();
    CHECK(set_up == 1);
    CHECK(hops == rounds * vcpus);
    CHECK(pins == 0 || pins == 1);
    CHECK(pin(MMUEXT_UNPIN_TABLE) == (pins == 1));
    CHECK_ANSWER(set_table_writable(true), 0);
    for (u32 v = 0; v < vcpus; ++v)
        CHECK(lent.as<u64>()[v] == rounds);
    CHECK(grant.end());
    page_table::clear(watched.address(), 1);
}

}  // namespace

int main() {
    vcpus = crew::size();
    if (vcpus < 3)
        return verdict::skip("it needs three vcpus");
    if (!is_initial_domain())
        return verdict::skip("it grants to the initial domain, itself");
    prepare();
    for (u32 v = 1; v + 1 < vcpus; ++v) {
        CHECK(crew::initialise(v) == 0);
        crew::start(v, work);
    }
    work(0);
    check_results();
    return verdict::finish();
}
