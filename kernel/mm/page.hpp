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

// Who frames belong to: a domain, or the hypervisor's own pools. Domain has one.
struct PageList {
    u32 head = 0;  // index into the frame table + 1, 0: empty
    u64 count = 0;
};
struct PageOwner {
    DomId id{};
    u64 max_pages = 0;              // guarded by `pages`
    Locked<PageList, Rank::page_list> pages;
    std::atomic<u32> extra_refs{0};  // frames of a dead domain that others still hold keep it alive
};

struct PageInfo {
    // bit 31: assigned to an owner (and that hold counts 1); bits 30..0 count.
    std::atomic<u32> refs;
    // [31:28] PageType, [27] pinned, [26] validated, [25] partial, [24] locked, [23:0] count
    std::atomic<u32> type_word;
    std::atomic<PageOwner*> owner;
    u32 next, prev;    // owner's page list, or the allocator's free list (index + 1)
    u32 tlb_stamp;     // machine::tlb_clock() when the last writable use ended
    u16 done;          // entries already (un)validated while `partial`
    u8 order;          // of a free block
    u8 flags;          // page_free ...

    static constexpr u32 assigned = u32{1} << 31;
    static constexpr u32 pinned = u32{1} << 27;
    static constexpr u32 validated = u32{1} << 26;
    static constexpr u32 partial = u32{1} << 25;
    static constexpr u32 locked = u32{1} << 24;
    static constexpr u32 count_mask = locked - 1;

    [[nodiscard]] PageType type() const {
        return static_cast<PageType>(type_word.load(std::memory_order_acquire) >> 28);
    }
    [[nodiscard]] u32 type_count() const {
        return type_word.load(std::memory_order_acquire) & count_mask;
    }
    [[nodiscard]] u32 ref_count() const {
        return refs.load(std::memory_order_acquire) & ~assigned;
    }
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
// Gives one back; the last one frees the frame to the allocator (zeroed there).
void put_ref(PageInfo& p);

// A general reference, only while `owner` owns the frame (PT-13).
Result<> get_ref_of(PageInfo& p, PageOwner const& owner);

// A type reference together with a general one. A checked type (l1..l4,
// segdesc) is validated when its first reference is taken. On a `shared` frame
// `writable` takes a `shared` reference instead: both sides write there.
//   inval    the type conflicts with live uses, or the contents are not valid
//   restart  validation was interrupted; progress is kept in the frame, and
//            the same call goes on with it
Result<PageType> get_type(PageInfo& p, PageType want, PageOwner& owner);
// Gives it back; the last one devalidates. restart: as above, nothing is lost.
Result<> put_type(PageInfo& p);
// The same where a restart must not be seen: loops until done.
void put_type_sync(PageInfo& p);

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
