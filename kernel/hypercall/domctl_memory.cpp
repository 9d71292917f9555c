// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "kernel/hypercall/domctl.hpp"
#include "kernel/abi/hypercall_page.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/mm/guest_ptr.hpp"

namespace hypercall::manage {
namespace {

constexpr u64 most_frames_asked = 1024;

u64 type_code(PageInfo const& p) {
    u64 code = XEN_DOMCTL_PFINFO_NOTAB;
    switch (p.type()) {
        case PageType::l1:
            code = XEN_DOMCTL_PFINFO_L1TAB;
            break;
        case PageType::l2:
            code = XEN_DOMCTL_PFINFO_L2TAB;
            break;
        case PageType::l3:
            code = XEN_DOMCTL_PFINFO_L3TAB;
            break;
        case PageType::l4:
            code = XEN_DOMCTL_PFINFO_L4TAB;
            break;
        default:
            return code;
    }
    bool const pinned = (p.type_word.load() & PageInfo::pinned) != 0;
    return pinned ? code | XEN_DOMCTL_PFINFO_LPINTAB : code;
}

u64 describe(u64 frame, Domain const& d) {
    PageInfo* const p = mm::page_of(Mfn{frame});
    if (!p || p->owner.load() != &d.memory)
        return XEN_DOMCTL_PFINFO_XTAB;
    return type_code(*p);
}

}  // namespace

Result<> set_max_mem(Request& r) {
    u64 const pages = r.op.u.max_mem.max_memkb >> (page_shift - 10);
    PageOwner& memory = r.target->memory;
    TRY_VOID(memory.views.resize(machine::frames_for_roots(pages)));
    auto const guard = memory.pages.lock();
    memory.max_pages = pages;
    return {};
}

Result<> init_hypercall_page(Request& r) {
    PageInfo* const page = mm::page_of(Mfn{r.op.u.hypercall_init.gmfn});
    if (!page)
        return Fail{Errno::access};
    auto const hold = TypeRef::take(*page, PageType::writable, r.target->memory);
    if (!hold)
        return Fail{Errno::access};
    auto* const bytes = machine::frame_as<std::byte>(hold->mfn());
    abi::fill_hypercall_page(std::span<std::byte, page_size>{bytes, page_size});
    return {};
}

// In: frame numbers. Out, in their place: what type each frame has.
Result<> get_page_frame_info(Request& r) {
    auto const& q = r.op.u.getpageframeinfo3;
    if (q.num > most_frames_asked)
        return Fail{Errno::toobig};
    auto const list = guest_ptr<u64>(q.array);
    std::array<u64, 64> chunk;
    for (u64 done = 0; done < q.num;) {
        u64 const n = std::min<u64>(chunk.size(), q.num - done);
        TRY_VOID(list.fetch_into(chunk.data(), n, done));
        std::transform(chunk.begin(), chunk.begin() + n, chunk.begin(),
                       [&](u64 frame) { return describe(frame, *r.target); });
        TRY_VOID(list.store_from(chunk.data(), n, done));
        done += n;
    }
    return {};
}

// 32-bit guests are refused (D1).
Result<> set_address_size(Request& r) {
    if (r.op.u.address_size.size != 64)
        return Fail{Errno::inval};
    return {};
}

Result<> get_address_size(Request& r) {
    r.op.u.address_size.size = 64;
    return {};
}

}  // namespace hypercall::manage
