// SPDX-License-Identifier: MIT
#include "kernel/mm/relinquish.hpp"

#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/frame_list.hpp"

namespace mm {
namespace {

using enum std::memory_order;

constexpr unsigned frames_per_check = 32;  // between looks at the clock

void begin(PageOwner& owner) {
    auto const list = owner.pages.lock();
    if (list->ending)
        return;
    list->ending = true;
    list->cursor = list->head;
}

// The frame at the cursor, held, so that it stays on the list.
PageRef frame_at_cursor(PageOwner& owner) {
    auto const list = owner.pages.lock();
    while (PageInfo* const p = frame_list::at(list->cursor)) {
        if (get_ref(*p))
            return PageRef::adopt(*p);
        list->cursor = p->next;  // it is being freed at this moment
    }
    return {};
}

void step_past(PageInfo const& p, PageOwner& owner) {
    auto const list = owner.pages.lock();
    list->cursor = p.next;
}

// Ends what the owner itself does with the frame: its pin, validation that
// stopped half-way, its hold.
Result<> let_go(PageInfo& p, PageOwner& owner) {
    if ((p.type_word.fetch_and(~PageInfo::pinned, acq_rel) & PageInfo::pinned) != 0) {
        if (PageRef const rest = put_type(p))
            return Fail{Errno::restart};
    }
    TRY_VOID(close_partial(p));
    // A frame that was given up before has nothing more to lose.
    static_cast<void>(give_up_frame(p, owner).has_value());
    return {};
}

}  // namespace

Result<> relinquish(PageOwner& owner) {
    begin(owner);
    unsigned looked_at = 0;
    while (PageRef const p = frame_at_cursor(owner)) {
        TRY_VOID(let_go(*p, owner));
        step_past(*p, owner);
        if (++looked_at % frames_per_check == 0 && machine::preempt_pending())
            return Fail{Errno::restart};
    }
    return {};
}

bool owns_nothing(PageOwner& owner) {
    return owner.pages.lock()->count == 0;
}

}  // namespace mm
