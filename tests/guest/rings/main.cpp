// SPDX-License-Identifier: MIT
// CN-1 XS-01: a guest that writes impossible indexes into the rings of its console and of
// xenstore harms itself alone: its console is heard again when they make sense, its store is
// lost, and others go on. With `stay` on the command line it goes on for ever (test_rings.py).
#include <array>
#include <string_view>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "kernel/abi/console.hpp"
#include "kernel/abi/xenstore.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

constexpr std::array<u32, 8> distances{
    1, sizeof(xencons_interface::out), 2049, 4097, 0x7fff'ffff, 0x8000'0000, 0xffff'f000, ~0u};
constexpr Nanos a_moment = 100 * microsecond;

u32 load(u32 const& index) {
    return __atomic_load_n(&index, __ATOMIC_SEQ_CST);
}
void store(u32& index, u32 value) {
    __atomic_store_n(&index, value, __ATOMIC_SEQ_CST);
}

void notify(evtchn_port_t port) {
    evtchn_send_t send{.port = port};
    CHECK_ANSWER(hypercall::event_channel_op(EVTCHNOP_send, send), 0);
}

// Each index of the ring, the other end's as well, by little and by much.
template <class Ring>
void attack(Ring& ring, evtchn_port_t port, std::initializer_list<u32 Ring::*> indexes) {
    for (u32 Ring::*index : indexes)
        for (u32 const distance : distances) {
            store(ring.*index, load(ring.*index) + distance);
            notify(port);
            sleep_for(a_moment);
        }
}

xencons_interface& console() {
    return *reinterpret_cast<xencons_interface*>(linear_address(Mfn{rt::start_info().console.domU.mfn}));
}
xenstore_domain_interface& store_ring() {
    return *reinterpret_cast<xenstore_domain_interface*>(linear_address(Mfn{rt::start_info().store_mfn}));
}

void attack_console() {
    using Ring = xencons_interface;
    attack<Ring>(console(), rt::start_info().console.domU.evtchn,
                 {&Ring::out_prod, &Ring::out_cons, &Ring::in_prod, &Ring::in_cons});
}

// Where both sides agree that there is nothing; the other one may have been about to
// move its index.
void heal_console() {
    auto& ring = console();
    for (unsigned quiet = 0; quiet < 5; ++quiet) {
        if (load(ring.out_prod) != load(ring.out_cons) || load(ring.in_cons) != load(ring.in_prod))
            quiet = 0;
        store(ring.out_prod, load(ring.out_cons));
        store(ring.in_cons, load(ring.in_prod));
        sleep_for(a_moment);
    }
}

void attack_store() {
    using Ring = xenstore_domain_interface;
    attack<Ring>(store_ring(), rt::start_info().store_evtchn,
                 {&Ring::req_prod, &Ring::req_cons, &Ring::rsp_prod, &Ring::rsp_cons});
}

[[noreturn]] void stay() {
    for (;;) {
        attack_console();
        attack_store();
    }
}

}  // namespace

int main() {
    if (is_initial_domain())
        return verdict::skip("the first domain's console is no ring, and it has no store");
    std::puts("rings: begins");
    sleep_for(millisecond);  // the line is on its way out
    attack_console();
    heal_console();
    std::puts("\nrings: heard again");
    attack_store();
    std::puts("rings: heard without a store");
    if (command_line().find("stay") != std::string_view::npos)
        stay();
    return verdict::finish();
}
