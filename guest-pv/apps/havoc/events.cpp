// SPDX-License-Identifier: MIT
// Event channels, opened and closed from all sides at once, and the rings of
// console and xenstore, whose other ends read whatever is written here.
#include <array>

#include "guest-pv/apps/havoc/rules.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "kernel/abi/console.hpp"
#include "kernel/abi/xenstore.hpp"

namespace havoc {
namespace {

using namespace rt;

template <class T>
void channel(Worker& w, Random& r, u64 op, T const& argument) {
    w.call(__HYPERVISOR_event_channel_op, op, w.put(r, argument));
}

void open(Worker& w, Random& r) {
    auto const own = static_cast<domid_t>(domain(r));
    auto const other = static_cast<domid_t>(r.once_in(2) ? domain(r) : r.below(5));
    auto const p = static_cast<evtchn_port_t>(port(r));
    auto const v = static_cast<u32>(vcpu(r));
    switch (r.below(5)) {
        case 0:
            return channel(w, r, EVTCHNOP_alloc_unbound, evtchn_alloc_unbound_t{own, other, 0});
        case 1:
            return channel(w, r, EVTCHNOP_bind_interdomain, evtchn_bind_interdomain_t{other, p, 0});
        case 2:
            return channel(w, r, EVTCHNOP_bind_virq, evtchn_bind_virq_t{static_cast<u32>(count(r)), v, 0});
        case 3:
            return channel(w, r, EVTCHNOP_bind_ipi, evtchn_bind_ipi_t{v, 0});
        default:
            return channel(w, r, EVTCHNOP_bind_pirq, evtchn_bind_pirq_t{p, static_cast<u32>(r.below(4)), 0});
    }
}

void use(Worker& w, Random& r) {
    auto const p = static_cast<evtchn_port_t>(port(r));
    switch (r.below(4)) {
        case 0:
            return channel(w, r, EVTCHNOP_status,
                           evtchn_status_t{static_cast<domid_t>(domain(r)), p, 0, 0, {}});
        case 1:
            return channel(w, r, EVTCHNOP_bind_vcpu, evtchn_bind_vcpu_t{p, static_cast<u32>(vcpu(r))});
        case 2:
            return channel(w, r, EVTCHNOP_unmask, evtchn_unmask_t{p});
        default:
            return channel(w, r, EVTCHNOP_send, evtchn_send_t{p});
    }
}

void close(Worker& w, Random& r) {
    channel(w, r, EVTCHNOP_close, evtchn_close_t{static_cast<evtchn_port_t>(port(r))});
}

void reset(Worker& w, Random& r) {
    channel(w, r, EVTCHNOP_reset, evtchn_reset_t{static_cast<domid_t>(domain(r))});
}

void any_operation(Worker& w, Random& r) {
    std::array<u64, 4> words;
    for (u64& word : words)
        word = r.once_in(2) ? r.wild() : port(r) | port(r) << 32;
    w.call(__HYPERVISOR_event_channel_op, r.once_in(2) ? r.below(20) : r.wild(),
           w.put(r, std::span<u64 const>{words}));
}

// The words by which the hypervisor and this guest tell each other of events.
void write_event_words(Worker&, Random& r) {
    auto& shared = rt::shared_info();
    u64 const word = r.below(64);
    u64 const bits = r.wild();
    if (r.once_in(2))
        __atomic_fetch_xor(&shared.evtchn_pending[word], bits, __ATOMIC_RELAXED);
    else
        __atomic_fetch_xor(&shared.evtchn_mask[word], bits, __ATOMIC_RELAXED);
}

// Any byte, or one of the indexes, by a little or by much.
template <class Ring>
void write_ring(Random& r, u64 mfn, std::initializer_list<u32 Ring::*> indexes) {
    auto& ring = *reinterpret_cast<Ring*>(linear_address(Mfn{mfn}));
    auto& index = ring.*r.one_of(indexes);
    switch (r.below(3)) {
        case 0:
            reinterpret_cast<u8 volatile*>(&ring)[r.below(sizeof ring)] = static_cast<u8>(r.word());
            break;
        case 1:
            __atomic_fetch_add(&index, static_cast<u32>(r.below(64)), __ATOMIC_RELAXED);
            break;
        default:
            __atomic_store_n(&index, static_cast<u32>(r.wild()), __ATOMIC_RELAXED);
    }
}

void hurt_console(Worker& w, Random& r) {
    using Ring = xencons_interface;
    auto const& console = rt::start_info().console.domU;
    write_ring<Ring>(r, console.mfn, {&Ring::in_cons, &Ring::in_prod, &Ring::out_cons, &Ring::out_prod});
    channel(w, r, EVTCHNOP_send, evtchn_send_t{console.evtchn});
}

void hurt_store(Worker& w, Random& r) {
    using Ring = xenstore_domain_interface;
    write_ring<Ring>(r, rt::start_info().store_mfn,
                     {&Ring::req_cons, &Ring::req_prod, &Ring::rsp_cons, &Ring::rsp_prod});
    channel(w, r, EVTCHNOP_send, evtchn_send_t{rt::start_info().store_evtchn});
}

constexpr std::array rules{
    Weighted{20, open},        Weighted{20, use},          Weighted{10, close},
    Weighted{1, reset},        Weighted{2, any_operation}, Weighted{4, write_event_words},
    Weighted{1, hurt_console}, Weighted{1, hurt_store},
};

}  // namespace

constinit std::span<Weighted const> const event_rules{rules};

}  // namespace havoc
