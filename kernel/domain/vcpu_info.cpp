// SPDX-License-Identifier: MIT
#include "kernel/domain/vcpu_info.hpp"

#include <atomic>
#include <cstring>

#include "kernel/domain/events.hpp"
#include "kernel/domain/time.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/sync/rcu.hpp"

namespace domains {

static_assert(sizeof(vcpu_info_t) == 64);

// Events that are raised while the words move may be marked in the old place.
// When nobody can do that any more the new one claims that everything is
// pending: a needless upcall does no harm, a lost one would.
Result<> register_vcpu_info(Vcpu& v, Mfn frame, u32 offset) {
    if (offset > page_size - sizeof(vcpu_info_t) || offset % alignof(vcpu_info_t) != 0)
        return Fail{Errno::nxio};
    PageInfo* const page = mm::page_of(frame);
    if (!page)
        return Fail{Errno::inval};
    TypeRef held = TRY(TypeRef::take(*page, PageType::writable, v.domain.memory));
    if (std::atomic_ref{v.info_registered}.exchange(true))
        return Fail{Errno::busy};
    auto* const place = reinterpret_cast<vcpu_info_t*>(machine::frame_as<std::byte>(frame) + offset);
    std::memcpy(place, v.info, sizeof *place);  // carries the mask: events stay off

    v.info_page = std::move(held);
    std::atomic_ref{v.info}.store(place);
    rcu::synchronize();
    std::atomic_ref{place->evtchn_pending_sel}.store(~u64{0});
    __atomic_store_n(&place->evtchn_upcall_pending, u8{1}, __ATOMIC_SEQ_CST);
    publish_time(v);
    machine::vcpu_notify(v);
    return {};
}

}  // namespace domains
