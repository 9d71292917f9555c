// SPDX-License-Identifier: MIT
// Doubly linked lists through PageInfo::next and prev, which hold index + 1.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm::frame_list {

inline PageInfo* at(u32 link) {
    return link == 0 ? nullptr : page_of(Mfn{link - u64{1}});
}
inline u32 link_to(PageInfo const& p) {
    return static_cast<u32>(mfn_of(p).raw() + 1);
}

inline void push(u32& head, PageInfo& p) {
    p.prev = 0;
    p.next = head;
    if (PageInfo* const first = at(head))
        first->prev = link_to(p);
    head = link_to(p);
}

inline void unlink(u32& head, PageInfo& p) {
    if (PageInfo* const before = at(p.prev))
        before->next = p.next;
    else
        head = p.next;
    if (PageInfo* const after = at(p.next))
        after->prev = p.prev;
    p.next = p.prev = 0;
}

}  // namespace mm::frame_list
