// SPDX-License-Identifier: MIT
#include "dom0/control/foreign_memory.hpp"

#include <algorithm>
#include <new>
#include <vector>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace control {
namespace {

constexpr u64 batch = 1024;  // frames asked for at a time
constexpr u64 window_size = 64;

// In: the guest's numbers of the frames; out: the machine's.
Result<> populate_batch(DomId domain, std::span<xen_pfn_t> frames) {
    xen_memory_reservation reservation{};
    set_xen_guest_handle(reservation.extent_start, frames.data());
    reservation.nr_extents = frames.size();
    reservation.domid = domain.raw();
    if (TRY(rt::hypercall::memory_op(XENMEM_populate_physmap, reservation)) != frames.size())
        return Fail{Errno::nomem};
    return {};
}

}  // namespace

Result<ForeignMemory> ForeignMemory::populate(DomId domain, u64 pages, Progress const& progress) {
    // As large as the guest, which may be too large for this domain.
    ForeignMemory memory{domain, std::unique_ptr<Mfn[]>{new (std::nothrow) Mfn[pages]}};
    if (!memory.frames_)
        return Fail{Errno::nomem};
    std::vector<xen_pfn_t> frames;
    for (u64 first = 0; first < pages; first += frames.size()) {
        frames.resize(std::min(batch, pages - first));
        for (u64 i = 0; i < frames.size(); ++i)
            frames[i] = first + i;
        TRY_VOID(populate_batch(domain, frames));
        for (auto const frame : frames)
            memory.frames_[memory.count_++] = Mfn{frame};
        if (progress)
            progress(memory.count_, pages);
        rt::yield();
    }
    return memory;
}

std::byte* ForeignMemory::page(Pfn pfn) {
    bool const inside =
        window_.data() != nullptr && pfn >= window_first_ && pfn < window_first_ + window_pages_;
    if (!inside) {
        if (pfn.raw() >= count_)
            return nullptr;
        window_pages_ = std::min<u64>(window_size, count_ - pfn.raw());
        window_first_ = pfn;
        auto const frames = std::span<Mfn const>{frames_.get() + pfn.raw(), window_pages_};
        auto mapping = rt::FrameMapping::map(frames, domain_, rt::Access::read_write);
        if (!mapping) {
            window_pages_ = 0;
            return nullptr;
        }
        window_ = std::move(*mapping);
    }
    return window_.data() + ((pfn - window_first_) << page_shift);
}

}  // namespace control
