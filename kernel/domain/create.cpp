// SPDX-License-Identifier: MIT
// Birth of a domain: everything it needs is there before anyone can name it.
#include "kernel/domain/events.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/domain/time.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/heap.hpp"
#include "kernel/sched/sched.hpp"

namespace domains {
namespace {

// Owns a domain that nobody knows yet.
class Unborn {
    Domain* d_;

  public:
    explicit Unborn(Domain& d) : d_{&d} {}
    Unborn(Unborn const&) = delete;
    Unborn& operator=(Unborn const&) = delete;
    ~Unborn() {
        if (!d_)
            return;
        for (Vcpu* const v : d_->all_vcpus())
            if (v)
                sched::remove(*v);
        mm::heap_delete(d_);
    }
    Domain& operator*() const { return *d_; }
    void release() { d_ = nullptr; }
};

Result<> add_shared_info(Domain& d) {
    d.shared_info_mfn = TRY(mm::alloc_frames());
    mm::share_frame(d.shared_info_mfn, d.memory);
    // Events stay masked until the guest says that it can take them.
    for (auto& info : d.shared_info()->vcpu_info)
        info.evtchn_upcall_mask = 1;
    return {};
}

Result<> add_vcpu(Domain& d, u32 n) {
    Vcpu* const v = TRY(mm::heap_new<Vcpu>(d, VcpuId{n}));
    if (auto made = machine::vcpu_create(*v); !made) {
        mm::heap_delete(v);
        return made;
    }
    v->info = &d.shared_info()->vcpu_info[n];
    d.vcpus[n] = v;
    d.vcpu_limit = n + 1;
    sched::add(*v, d.share);
    return {};
}

}  // namespace

Result<DomainRef> create(DomId id, Privileges priv, u32 vcpu_limit, u32 grant_frames, u32 maptrack_frames) {
    if (id >= DomId{DOMID_FIRST_RESERVED} || vcpu_limit == 0 || vcpu_limit > max_vcpus_per_domain)
        return Fail{Errno::inval};
    reap();
    Unborn born{*TRY(mm::heap_new<Domain>(id))};
    Domain& d = *born;
    d.priv = priv;
    d.memory.maps_devices = priv.hardware;
    d.pause_count = 1;
    d.created_at = machine::now();
    TRY_VOID(d.grants.unlocked().set_limit(grant_frames));
    TRY_VOID(d.maptrack.unlocked().set_limit(maptrack_frames));
    TRY_VOID(d.events.unlocked().set_aside());
    TRY_VOID(add_shared_info(d));
    for (u32 n = 0; n < vcpu_limit; ++n)
        TRY_VOID(add_vcpu(d, n));
    publish_time(d);
    TRY_VOID(enlist(d));
    born.release();
    return DomainRef{d};
}

}  // namespace domains
