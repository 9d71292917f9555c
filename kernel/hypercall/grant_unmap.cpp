// SPDX-License-Identifier: MIT
// GNTTABOP_unmap_grant_ref and unmap_and_replace, in batches of three steps:
// take the page-table entries out, flush translations once, and only then give
// frames and pins back. In between, handles are marked busy. What only devices
// have mapped has no translations, and ends in one step.
#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>

#include "kernel/domain/grants.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/hypercall/grant_ops.hpp"
#include "kernel/machine/mapping.hpp"
#include "kernel/machine/vcpu.hpp"

namespace hypercall {
namespace {

struct Request {
    u64 host_addr = 0;     // 0: leave the host mapping
    u64 new_addr = 0;      // with `replace`: whose entry takes the place
    u64 dev_bus_addr = 0;  // 0: leave the device's pin
    GrantHandle handle{};
    bool replace = false;
};

// What was taken out and has still to be given back.
struct Removal {
    s16 status = GNTST_okay;
    bool claimed = false;
    bool host = false;
    bool device = false;
    GrantHandle handle{};
    MapRecord record;
    Mfn frame{};
};

s16 claim(Domain& mapper, GrantHandle h, MapRecord& copy) {
    auto handles = mapper.maptrack.lock();
    MapRecord* const r = handles->find(h);
    if (!r || r->busy)
        return GNTST_bad_handle;
    r->busy = true;
    copy = *r;
    return GNTST_okay;
}

s16 clear_entry(Vcpu& v, Request const& q, Removal const& r) {
    machine::GrantMapping const m{
        .frame = r.frame, .readonly = r.record.readonly, .by_entry = r.record.by_entry};
    auto const done = q.replace ? machine::grant_replace(v, q.host_addr, q.new_addr, m)
                                : machine::grant_unmap(v, q.host_addr, m);
    if (done)
        return GNTST_okay;
    return done.error() == Errno::fault ? s16{GNTST_bad_virt_addr} : s16{GNTST_general_error};
}

void take_out(Vcpu& v, Request const& q, Removal& r) {
    r.handle = q.handle;
    r.status = claim(v.domain, q.handle, r.record);
    if (r.status != GNTST_okay)
        return;
    r.claimed = true;
    r.frame = grant::frame_in_use(r.record);
    bool const device = q.dev_bus_addr != 0 && r.record.device;
    if (device && q.dev_bus_addr != maddr_of(r.frame).raw()) {
        r.status = GNTST_bad_dev_addr;  // GT-12
        return;
    }
    if (q.host_addr != 0 && r.record.host) {
        r.status = clear_entry(v, q, r);
        r.host = r.status == GNTST_okay;
    }
    r.device = device && r.status == GNTST_okay;
    trace::note(trace::Kind::unmap, v, trace::of_domain(r.record.granter->id.raw(), r.record.ref.raw()),
                r.frame.raw());
}

// False: it is not a mapping for devices alone, or not asked for as one.
bool end_for_device(Domain& mapper, Request const& q) {
    if (q.host_addr != 0 || q.dev_bus_addr == 0)
        return false;
    auto handles = mapper.maptrack.lock();
    MapRecord const* const r = handles->find(q.handle);
    if (!r || r->busy || r->host || q.dev_bus_addr != maddr_of(grant::frame_in_use(*r)).raw())
        return false;
    MapRecord const ended = *r;
    handles->release(q.handle);
    handles.unlock();
    grant::end_uses(ended);
    return true;
}

// The handle lives on while anything of it is left.
void settle_handle(Domain& mapper, Removal const& r) {
    auto handles = mapper.maptrack.lock();
    MapRecord& record = *handles->find(r.handle);
    record.host = record.host && !r.host;
    record.device = record.device && !r.device;
    record.busy = false;
    if (record.host || record.device)
        return;
    handles->release(r.handle);
    handles.unlock();
    DomainRef const last = DomainRef::adopt(*r.record.granter);  // the handle's own reference ends here
}

void give_back(Domain& mapper, Removal const& r) {
    if (!r.claimed)
        return;
    bool const write = !r.record.readonly;
    auto const end_use = [&](bool device) {
        grant::end_use(*r.record.granter, r.record.ref, {device, write},
                       mm::FrameHold::adopt(r.frame, write));
    };
    if (r.host)
        end_use(false);
    if (r.device)
        end_use(true);
    settle_handle(mapper, r);
}

constexpr u32 batch_size = 16;

// Room for a batch's removals: those that never come cost nothing.
union Removals {
    Removals() {}
    std::array<Removal, batch_size> items;
};

template <class Op, class Read>
Answer unmap_all(Vcpu& v, u32 cmd, GuestPtr<Op> ops, u32 count, Read request_of) {
    auto const list = TRY(ops.span(count));
    for (u32 done = 0; done < count;) {
        u32 const n = std::min(batch_size, count - done);
        Removals removals;
        u32 read = 0;
        bool flush = false;
        for (; read < n; ++read) {
            auto const op = list.fetch(done + read);
            if (!op)
                break;
            Removal& r = *std::construct_at(&removals.items[read]);
            Request const request = request_of(*op);
            if (!end_for_device(v.domain, request))
                take_out(v, request, r);
            flush |= r.host;
        }
        if (flush)
            machine::flush_tlb(machine::cpus_with_translations(v.domain));
        bool stored = true;
        for (u32 i = 0; i < read; ++i) {
            Removal const& r = removals.items[i];
            give_back(v.domain, r);
            stored &= list.store_member(done + i, offsetof(Op, status), r.status).has_value();
        }
        if (read < n || !stored)
            return Fail{Errno::fault};
        done += n;
        if (done < count && machine::preempt_pending())
            return continue_requests(cmd, ops + done, count - done);
    }
    return 0;
}

}  // namespace

Answer grant_unmap(Vcpu& v, GuestPtr<gnttab_unmap_grant_ref_t> ops, u32 count) {
    return unmap_all(v, GNTTABOP_unmap_grant_ref, ops, count, [](gnttab_unmap_grant_ref_t const& op) {
        return Request{
            .host_addr = op.host_addr, .dev_bus_addr = op.dev_bus_addr, .handle = GrantHandle{op.handle}};
    });
}

Answer grant_unmap_and_replace(Vcpu& v, GuestPtr<gnttab_unmap_and_replace_t> ops, u32 count) {
    return unmap_all(v, GNTTABOP_unmap_and_replace, ops, count, [](gnttab_unmap_and_replace_t const& op) {
        return Request{.host_addr = op.host_addr,
                       .new_addr = op.new_addr,
                       .handle = GrantHandle{op.handle},
                       .replace = true};
    });
}

}  // namespace hypercall
