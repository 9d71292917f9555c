// SPDX-License-Identifier: MIT
// The state machine of one frame's type word.
//
//   unused (count 0) --get--> locked, count 1 --validated--> in use (count n)
//      ^                        |      ^                          |
//      |                   interrupted |resumed              last put
//      |                        v      |                          v
//      +---- nothing left --- partial, count 1 <--interrupted-- locked
//
// While `locked` and not `validated` the word belongs to one CPU. That CPU waits
// only for frames of lower types, so nobody waits in a circle.
#include "kernel/mm/page_end.hpp"
#include "kernel/mm/type_ops.hpp"

namespace mm {
namespace {

using enum std::memory_order;

// Only these have contents that refer to something or could do harm.
constexpr bool has_contents_to_check(PageType t) {
    return t >= PageType::l1 && t <= PageType::segdesc;
}

bool change(PageInfo& p, u32& seen, u32 to) {
    return p.type_word.compare_exchange_weak(seen, to, acq_rel, acquire);
}

// Publishes the end of this CPU's exclusive work on the word.
void publish(PageInfo& p, u32 word) {
    p.type_word.store(word, release);
}

// Stops half-way. The frame takes a general reference of its own, before
// anyone else can go on with it and give that back.
void leave_partial(PageInfo& p, PageType t, bool was_partial) {
    if (!was_partial)
        p.refs.fetch_add(1, relaxed);
    publish(p, PageInfo::word_of(t) | PageInfo::partial | 1);
}

void leave_unused(PageInfo& p, PageType t, bool was_partial) {
    stamp(p);
    publish(p, PageInfo::word_of(t));
    if (was_partial)
        put_ref(p);
}

// Stale translations of the old use end before the new one begins: a writable
// one would bypass all checks, and a CPU that still walks an old table must not
// find a guest's data there (PT-10). The word already keeps others away.
void flush_stale(PageInfo const& p) {
    if (machine::CpuMask const cpus = machine::tlb_stale(p.tlb_stamp.load(relaxed)))
        machine::flush_tlb(cpus);
}

// Makes a locked frame fit for use as `t`. The caller holds a reference.
Result<> open(PageInfo& p, PageType t, PageOwner& owner, bool was_partial) {
    Result<> const r = has_contents_to_check(t) ? type_ops::validate(p, t, owner) : Result<>{};
    if (r) {
        publish(p, PageInfo::word_of(t) | PageInfo::validated | 1);
        if (was_partial)
            put_ref(p);
        return r;
    }
    if (r.error() == Errno::restart || !type_ops::devalidate(p, t))
        leave_partial(p, t, was_partial);
    else
        leave_unused(p, t, was_partial);
    return r;
}

// Devalidates a locked frame. The caller holds a reference. False: stopped.
bool close(PageInfo& p, PageType t, bool was_partial) {
    if (!type_ops::devalidate(p, t)) {
        leave_partial(p, t, was_partial);
        return false;
    }
    leave_unused(p, t, was_partial);
    return true;
}

// From unused, or used up as something else, to this CPU's own.
Result<> retype(PageInfo& p, u32 seen, PageType want, PageOwner& owner) {
    bool const changes = PageInfo::type_in(seen) != want;
    if (changes)
        flush_stale(p);
    p.done = 0;
    return open(p, want, owner, false);
}

Result<> take_type(PageInfo& p, PageType want, PageOwner& owner) {
    u32 word = p.word();
    if (PageInfo::type_in(word) == PageType::shared && want == PageType::writable)
        want = PageType::shared;
    for (;;) {
        bool const same = PageInfo::type_in(word) == want;
        u32 const count = word & PageInfo::count_mask;
        if (same && (word & PageInfo::validated) != 0) {
            if (count == PageInfo::count_mask)
                return Fail{Errno::busy};
            if (change(p, word, word + 1))
                return {};
        } else if (same && (word & PageInfo::locked) != 0) {
            machine::relax();
            word = p.word();
        } else if (same && (word & PageInfo::partial) != 0) {
            if (change(p, word, (word & ~PageInfo::partial) | PageInfo::locked))
                return open(p, want, owner, true);
        } else if (count != 0 || want == PageType::shared || PageInfo::type_in(word) == PageType::shared) {
            return Fail{Errno::inval};
        } else if (change(p, word, PageInfo::word_of(want) | PageInfo::locked | 1)) {
            return retype(p, word, want, owner);
        }
    }
}

// Gives one up, or locks the frame for closing when it is the last: true.
bool drop_or_lock(PageInfo& p) {
    u32 word = p.word();
    for (;;) {
        u32 const count = word & PageInfo::count_mask;
        ASSERT(count != 0 && (word & PageInfo::validated) != 0);
        if (count > 1) {
            if (change(p, word, word - 1))
                return false;
        } else if ((word & PageInfo::locked) != 0) {
            machine::relax();
            word = p.word();
        } else if (has_contents_to_check(PageInfo::type_in(word))) {
            if (change(p, word, (word & ~PageInfo::validated) | PageInfo::locked))
                return true;
        } else {
            stamp(p);
            if (change(p, word, word & ~(PageInfo::validated | PageInfo::count_mask)))
                return false;
        }
    }
}

}  // namespace

Result<> change_type(PageInfo& p, PageType want, PageOwner& owner) {
    Result<> const r = take_type(p, want, owner);
    if (!r)
        put_ref(p);
    return r;
}

PageRef put_other_type(PageInfo& p) {
    PageRef held = PageRef::adopt(p);
    if (drop_or_lock(p) && !close(p, p.type(), false))
        return held;
    return {};
}

void put_other_type_sync(PageInfo& p) {
    PageRef const held = PageRef::adopt(p);
    if (!drop_or_lock(p))
        return;
    PageType const t = p.type();
    while (!type_ops::devalidate(p, t)) {
    }
    leave_unused(p, t, false);
}

Result<> close_partial(PageInfo& p) {
    u32 word = p.word();
    while ((word & PageInfo::partial) != 0) {
        if (!change(p, word, (word & ~PageInfo::partial) | PageInfo::locked))
            continue;
        if (!close(p, PageInfo::type_in(word), true))
            return Fail{Errno::restart};
        return {};
    }
    return {};
}

}  // namespace mm
