// SPDX-License-Identifier: MIT
// The frame table: for every RAM frame its owner, its general reference count,
// and its one exclusive type with that type's own count (PT-01, PT-02).
//
//   refs   every use of the frame; the owner's own hold is one of them
//   type   what the frame may be used as; it changes only while its count is 0
//
// Holding is proof: a PageRef exists only while a reference is held, a TypeRef
// only while the type is. Contents of page tables are arch/pv's business, which
// is asked through TypeOps.
#pragma once

#include <atomic>
#include <utility>

#include "kernel/base/result.hpp"
#include "kernel/sync/lock.hpp"

struct PageInfo;

enum class PageType : u8 { none, l1, l2, l3, l4, segdesc, writable, shared };

// Who frames belong to: a domain. Frames carry a pointer to this, so it must
// live until mm::owns_nothing().
struct PageList {
    u32 head = 0;         // index into the frame table + 1, 0: empty
    u32 cursor = 0;       // the frame that relinquish() looks at next
    u64 count = 0;        // frames on the list, and those just being allocated
    bool ending = false;  // gets no frame any more
};
struct PageOwner {
    DomId id{};
    bool maps_devices = false;  // may map what is not RAM (hardware domain)
    u64 max_pages = 0;          // guarded by `pages`
    Locked<PageList, Rank::page_list> pages;
};

struct PageInfo {
    // bit 31: assigned to an owner (and that hold counts 1); bits 30..0 count.
    std::atomic<u32> refs;
    // [31:28] PageType, [27] pinned, [26] validated, [25] partial, [24] locked, [23:0] count
    std::atomic<u32> type_word;
    std::atomic<PageOwner*> owner;
    u32 next, prev;              // owner's page list, or a list of free blocks (index + 1)
    std::atomic<u32> tlb_stamp;  // machine::tlb_clock() when the last use ended
    u16 done;                    // entries that hold references, while `partial` or `locked`
    u8 order;                    // of the free block that begins here, else not_free
    bool ram;

    static constexpr u32 assigned = u32{1} << 31;
    static constexpr u32 pinned = u32{1} << 27;
    static constexpr u32 validated = u32{1} << 26;
    static constexpr u32 partial = u32{1} << 25;
    static constexpr u32 locked = u32{1} << 24;
    static constexpr u32 count_mask = locked - 1;
    static constexpr u8 not_free = 0xff;

    [[nodiscard]] static constexpr PageType type_in(u32 word) { return static_cast<PageType>(word >> 28); }
    [[nodiscard]] static constexpr u32 word_of(PageType t) { return static_cast<u32>(t) << 28; }

    [[nodiscard]] u32 word() const { return type_word.load(std::memory_order_acquire); }
    [[nodiscard]] PageType type() const { return type_in(word()); }
    [[nodiscard]] u32 type_count() const { return word() & count_mask; }
    [[nodiscard]] u32 ref_count() const { return refs.load(std::memory_order_acquire) & ~assigned; }
    [[nodiscard]] bool is_partial() const { return (word() & partial) != 0; }
};
static_assert(sizeof(PageInfo) == 32);

namespace mm {

// The record of a RAM frame; null for holes and MMIO. Any u64 may be asked.
PageInfo* page_of(Mfn m);
Mfn mfn_of(PageInfo const& p);
// One past the highest RAM frame.
Mfn max_mfn();

// --- reference counts; the Ref classes below are the usual way in -----------

// One more general reference. busy: the frame is free, or the count is full.
Result<> get_ref(PageInfo& p);
// Gives one back; the last one frees the frame.
void put_ref(PageInfo& p);

// A general reference, only while `owner` owns the frame (PT-13).
// inval: it does not.
Result<> get_ref_of(PageInfo& p, PageOwner const& owner);

// --- types -----------------------------------------------------------------
// A checked type (l1..l4, segdesc) is validated when its first reference is
// taken and devalidated when the last one goes. Either can stop half-way: the
// frame is then `partial`, keeps one type and one general reference for itself,
// nobody uses it as valid, and either direction can go on from there.

// A type reference together with a general one. On a `shared` frame `writable`
// takes a `shared` reference instead: both sides write there.
//   inval    the type conflicts with live uses, or the contents are not valid
//   restart  validation stopped half-way; the same call goes on with it
// An error found late may leave the frame partial: see close_partial().
Result<> get_type(PageInfo& p, PageType want, PageOwner& owner);

}  // namespace mm

// A held general reference.
class PageRef {
    PageInfo* page_ = nullptr;
    explicit PageRef(PageInfo& p) : page_{&p} {}

  public:
    PageRef() = default;
    PageRef(PageRef&& o) noexcept : page_{std::exchange(o.page_, nullptr)} {}
    PageRef& operator=(PageRef&& o) noexcept {
        if (this != &o) {
            reset();
            page_ = std::exchange(o.page_, nullptr);
        }
        return *this;
    }
    ~PageRef() { reset(); }

    static Result<PageRef> take(PageInfo& p) {
        TRY_VOID(mm::get_ref(p));
        return PageRef{p};
    }
    static Result<PageRef> take_of(PageInfo& p, PageOwner const& owner) {
        TRY_VOID(mm::get_ref_of(p, owner));
        return PageRef{p};
    }
    // Takes over a reference that someone else counted; release() is the inverse.
    static PageRef adopt(PageInfo& p) { return PageRef{p}; }
    PageInfo* release() { return std::exchange(page_, nullptr); }

    void reset() {
        if (page_)
            mm::put_ref(*std::exchange(page_, nullptr));
    }
    explicit operator bool() const { return page_ != nullptr; }
    PageInfo& operator*() const { return *page_; }
    PageInfo* operator->() const { return page_; }
    [[nodiscard]] Mfn mfn() const { return mm::mfn_of(*page_); }
};

namespace mm {

// Gives a type reference back, with its general one. When devalidation stops
// half-way, the answer is the partial frame, held, for close_partial(); else
// it is empty.
[[nodiscard]] PageRef put_type(PageInfo& p);
// The same without stopping. Not under a lock: it may take long.
void put_type_sync(PageInfo& p);
// Devalidates what a partial frame still refers to; no effect on others.
// restart: stopped again.
Result<> close_partial(PageInfo& p);

}  // namespace mm

// A held type (and general) reference.
class TypeRef {
    PageInfo* page_ = nullptr;
    explicit TypeRef(PageInfo& p) : page_{&p} {}

  public:
    TypeRef() = default;
    TypeRef(TypeRef&& o) noexcept : page_{std::exchange(o.page_, nullptr)} {}
    TypeRef& operator=(TypeRef&& o) noexcept {
        if (this != &o) {
            reset();
            page_ = std::exchange(o.page_, nullptr);
        }
        return *this;
    }
    ~TypeRef() { reset(); }

    static Result<TypeRef> take(PageInfo& p, PageType want, PageOwner& owner) {
        TRY_VOID(mm::get_type(p, want, owner));
        return TypeRef{p};
    }
    static TypeRef adopt(PageInfo& p) { return TypeRef{p}; }
    PageInfo* release() { return std::exchange(page_, nullptr); }

    void reset() {
        if (page_)
            mm::put_type_sync(*std::exchange(page_, nullptr));
    }
    explicit operator bool() const { return page_ != nullptr; }
    PageInfo& operator*() const { return *page_; }
    PageInfo* operator->() const { return page_; }
    [[nodiscard]] Mfn mfn() const { return mm::mfn_of(*page_); }
};
