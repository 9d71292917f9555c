// SPDX-License-Identifier: MIT
// What the hypervisor's services cost, measured from inside by the time-stamp
// counter. Under `--icount` that counts instructions, so the figures repeat to
// the digit. As first domain it also runs on Xen: same image, same work.
//
// Prints `micro NAME VALUE` a line, VALUE in counts per operation.
#include <array>
#include <cstdio>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"

extern "C" {
void micro_upcall();
u64 micro_upcall_at = 0;
unsigned char* micro_upcall_pending = nullptr;
}

namespace {

using namespace rt;
namespace pt = rt::page_table;

constexpr unsigned rounds = 256;

u64 counter() {
    u32 low = 0, high = 0;
    asm volatile("rdtsc" : "=a"(low), "=d"(high)::"memory");
    return u64{high} << 32 | low;
}

// What reading the counter twice costs by itself.
u64 overhead() {
    u64 const a = counter();
    return counter() - a;
}

void print(char const* name, u64 total, u64 count) {
    std::printf("micro %s %lu\n", name, total / count);
}

template <class F>
void measure(char const* name, F&& operation) {
    operation();  // whatever happens only the first time
    u64 total = 0;
    for (unsigned i = 0; i < rounds; ++i) {
        u64 const start = counter();
        operation();
        total += counter() - start - overhead();
    }
    print(name, total, rounds);
}

void null_hypercall() {
    measure("null_hypercall", [] { hypercall::raw(__HYPERVISOR_xen_version, XENVER_version); });
}

void multicall_entries() {
    static std::array<multicall_entry_t, 64> calls;
    for (auto& c : calls) {
        c = {};
        c.op = __HYPERVISOR_xen_version;
    }
    u64 const start = counter();
    hypercall::raw(__HYPERVISOR_multicall, hypercall::address(calls.data()), calls.size());
    print("multicall_entry", counter() - start - overhead(), calls.size());
}

// From before the send to the first instruction of the handler, same vcpu.
void event_send_to_upcall() {
    callback_register_t cb{};
    cb.type = CALLBACKTYPE_event;
    cb.address = reinterpret_cast<unsigned long>(&micro_upcall);
    evtchn_bind_ipi_t ipi{};
    if (!hypercall::callback_op(CALLBACKOP_register, cb) ||
        !hypercall::event_channel_op(EVTCHNOP_bind_ipi, ipi))
        return;
    auto& shared = rt::shared_info();
    auto& info = shared.vcpu_info[0];
    micro_upcall_pending = &info.evtchn_upcall_pending;
    evtchn_unmask_t unmask{ipi.port};
    (void)hypercall::event_channel_op(EVTCHNOP_unmask, unmask);
    evtchn_send_t send{ipi.port};
    u64 total = 0;
    for (unsigned i = 0; i <= rounds; ++i) {
        __atomic_store_n(&info.evtchn_upcall_pending, 0, __ATOMIC_SEQ_CST);
        __atomic_store_n(&info.evtchn_upcall_mask, 0, __ATOMIC_SEQ_CST);
        u64 const start = counter();
        hypercall::raw(__HYPERVISOR_event_channel_op, EVTCHNOP_send, hypercall::address(&send));
        if (i != 0)
            total += micro_upcall_at - start - overhead() / 2;
        __atomic_store_n(&info.evtchn_pending_sel, 0, __ATOMIC_SEQ_CST);
        __atomic_fetch_and(&shared.evtchn_pending[ipi.port / 64], ~(1ul << ipi.port % 64), __ATOMIC_SEQ_CST);
    }
    print("evtchn_send_to_upcall", total, rounds);
    evtchn_close_t close{ipi.port};
    (void)hypercall::event_channel_op(EVTCHNOP_close, close);
}

void table_updates() {
    auto page = Pages::allocate();
    Vaddr const at{hypercall::address(page->data())};
    u64 const entry = pt::entry_for(page->mfn(), pt::data);
    u64 const where = pt::l1_entry(at)->raw();
    mmu_update_t const update{where, entry};
    measure("mmu_update", [&] { (void)hypercall::mmu_update({&update, 1}); });
    bool writable = true;
    measure("update_va_mapping", [&] {
        writable = !writable;
        (void)hypercall::update_va_mapping(
            at, writable ? entry : pt::entry_for(page->mfn(), pt::read_only_data), UVMF_INVLPG);
    });
    (void)hypercall::update_va_mapping(at, pt::entry_for(page->mfn(), pt::read_only_data), UVMF_INVLPG);
    measure("pin_unpin_l1", [&] {
        std::array<mmuext_op_t, 2> ops{};
        ops[0].cmd = MMUEXT_PIN_L1_TABLE;
        ops[1].cmd = MMUEXT_UNPIN_TABLE;
        ops[0].arg1.mfn = ops[1].arg1.mfn = page->mfn().raw();
        (void)hypercall::mmuext_op(ops);
    });
    (void)hypercall::update_va_mapping(at, entry, UVMF_INVLPG);
    mmuext_op_t root{};
    root.cmd = MMUEXT_NEW_BASEPTR;
    root.arg1.mfn = mfn_of(reinterpret_cast<void const*>(rt::start_info().pt_base)).raw();
    measure("new_baseptr", [&] { (void)hypercall::mmuext_op({&root, 1}); });
}

void grants() {
    if (!is_initial_domain())
        return;  // others do not know their own number, which a grant to itself needs
    constexpr DomId me{0};
    auto from_page = Pages::allocate(), to_page = Pages::allocate();
    auto from = Grant::allow(me, from_page->mfn(), Access::read_only);
    auto to = Grant::allow(me, to_page->mfn(), Access::read_write);
    gnttab_copy_t c{};
    c.source.u.ref = from->ref().raw();
    c.dest.u.ref = to->ref().raw();
    c.len = 1500;
    c.flags = GNTCOPY_source_gref | GNTCOPY_dest_gref;
    measure("grant_copy_1500", [&] { (void)hypercall::grant_table_op(GNTTABOP_copy, c); });
    auto window = Window::reserve(1);
    measure("grant_map_unmap", [&] {
        gnttab_map_grant_ref_t m{};
        m.host_addr = window->address().raw();
        m.flags = GNTMAP_host_map;
        m.ref = to->ref().raw();
        (void)hypercall::grant_table_op(GNTTABOP_map_grant_ref, m);
        gnttab_unmap_grant_ref_t u{};
        u.host_addr = m.host_addr;
        u.handle = m.handle;
        (void)hypercall::grant_table_op(GNTTABOP_unmap_grant_ref, u);
    });
    (void)from->end();
    (void)to->end();
}

}  // namespace

int main() {
    null_hypercall();
    multicall_entries();
    event_send_to_upcall();
    table_updates();
    grants();
    std::puts("micro done");
    return 0;
}
